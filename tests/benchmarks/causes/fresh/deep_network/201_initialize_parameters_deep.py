def initialize_parameters_deep(layer_dims):
    parameters = {}
    L = len(layer_dims)
    scale = 1 / np.sqrt(layer_dims[0])  # FAULT: one scale, from the number of inputs, serves all layers; each needs its own, from layer_dims[l - 1].

    for l in range(1, L):
        parameters["W" + str(l)] = np.random.randn(layer_dims[l], layer_dims[l - 1]) * scale
        parameters["b" + str(l)] = np.zeros((layer_dims[l], 1))

    return parameters
