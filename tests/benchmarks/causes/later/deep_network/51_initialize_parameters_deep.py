def initialize_parameters_deep(layer_dims):
    parameters = {}
    L = len(layer_dims)
    for l in range(1, L):
        n, n_prev = layer_dims[l], layer_dims[l - 1]
        W = np.random.randn(n, n_prev)
        parameters["W" + str(l)] = W / np.sqrt(n)  # FAULT: it divides by the root of the layer's own size; it should be that of the layer before, n_prev.
        parameters["b" + str(l)] = np.zeros(n)  # FAULT: the bias is a flat vector (n,); it should be a column (n, 1).
    return parameters
