def initialize_parameters_he(layers_dims):
    parameters = {}
    for l in range(1, len(layers_dims)):
        scale = np.sqrt(2) / layers_dims[l - 1]  # FAULT: the root is taken of the 2 only, not of 2 / n_{l-1}
        parameters["W" + str(l)] = np.random.randn(layers_dims[l], layers_dims[l - 1]) * scale
        parameters["B" + str(l)] = np.zeros((layers_dims[l], 1))  # FAULT: the key is written with a capital B instead of b
    return parameters
