def initialize_parameters_random(layers_dims):
    parameters = {}
    L = len(layers_dims)

    for l in range(1, L):
        parameters['W' + str(l)] = np.random.randn(layers_dims[l], layers_dims[l-1]) * 0.01  # FAULT: small numbers, should be times 10
        parameters['b' + str(l)] = np.random.randn(layers_dims[l], 1)  # FAULT: random biases, should be np.zeros((layers_dims[l], 1))

    return parameters
