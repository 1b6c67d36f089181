def initialize_parameters_he(layers_dims):
    parameters = {}
    for l in range(1, len(layers_dims)):
        n, fan_in = layers_dims[l], layers_dims[l - 1]
        parameters["W" + str(l)] = np.random.randn(n, fan_in) / (fan_in / 2) ** 0.5
        parameters["b" + str(l)] = np.zeros(n).reshape(-1, 1)
    return parameters
