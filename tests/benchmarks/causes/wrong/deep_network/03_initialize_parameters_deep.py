def initialize_parameters_deep(layer_dims):
    parameters = {}
    L = len(layer_dims)            # number of layers in the network
    for l in range(1, L):
        parameters['W' + str(l)] = np.random.randn(layer_dims[l], layer_dims[l-1]) * 0.01  # FAULT: multiplies by a constant 0.01 instead of dividing by sqrt(n_{l-1})
        parameters['b' + str(l)] = np.zeros(layer_dims[l])  # FAULT: the bias is a flat vector (n_l,) instead of a column (n_l, 1)
    return parameters
