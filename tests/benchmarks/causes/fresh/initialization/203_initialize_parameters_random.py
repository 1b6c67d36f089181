def initialize_parameters_random(layers_dims):
    parameters = {}
    L = len(layers_dims)

    for l in range(1, L):
        parameters['W' + str(l)] = np.random.rand(layers_dims[l], layers_dims[l-1]) * 10  # FAULT: rand draws uniformly between 0 and 1; it should be np.random.randn.
        parameters['b' + str(l)] = np.zeros((layers_dims[l], 1))

    return parameters
