def initialize_parameters_random(layers_dims):
    parameters = {}
    for l in range(1, len(layers_dims)):
        n_out, n_in = layers_dims[l], layers_dims[l - 1]
        parameters["W" + str(l)] = np.random.rand(n_out, n_in) * 10  # FAULT: uniform numbers, should be np.random.randn
        parameters["b" + str(l)] = np.zeros((n_out, 1))
    return parameters
