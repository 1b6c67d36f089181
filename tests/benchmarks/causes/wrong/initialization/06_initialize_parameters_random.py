def initialize_parameters_random(layers_dims):
    parameters = {}
    L = len(layers_dims)

    for l in range(1, L):
        parameters["W" + str(l)] = 10 * np.random.randn(layers_dims[l], layers_dims[l - 1])
        parameters["b" + str(l)] = np.zeros((layers_dims[l - 1], 1))  # FAULT: the bias is as long as the previous layer, it has one entry per unit of its own layer, n_l

    return parameters
