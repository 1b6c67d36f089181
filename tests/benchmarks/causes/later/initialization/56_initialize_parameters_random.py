def initialize_parameters_random(layers_dims):
    parameters = {}
    L = len(layers_dims)
    for l in range(1, L):
        parameters["W" + str(l)] = np.random.randn(layers_dims[l], layers_dims[l - 1]) * 0.01  # FAULT: the factor is 0.01; it should be 10.
        parameters["b" + str(l)] = np.random.randn(layers_dims[l], 1)  # FAULT: the biases are drawn at random; they should be zero.
    return parameters
