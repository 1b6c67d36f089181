def initialize_parameters_deep(layer_dims):
    parameters = {}
    L = len(layer_dims)

    for l in range(1, L):
        parameters["W" + str(l)] = np.random.randn(layer_dims[l], layer_dims[l - 1]) / np.sqrt(layer_dims[l])  # FAULT: divides by the root of the layer's own size n_l instead of n_{l-1}
        parameters["b" + str(l)] = np.zeros((layer_dims[l], 1))

    return parameters
