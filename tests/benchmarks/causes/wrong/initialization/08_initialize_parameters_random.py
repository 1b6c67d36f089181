def initialize_parameters_random(layers_dims):
    parameters = {}
    L = len(layers_dims)
    for l in range(1, L):
        rows = layers_dims[l + 1]  # FAULT: the index is one too high, W_l has n_l rows
        cols = layers_dims[l]  # FAULT: the index is one too high, W_l has n_{l-1} columns
        parameters["W" + str(l)] = np.random.randn(rows, cols) * 10
        parameters["b" + str(l)] = np.zeros((rows, 1))
    return parameters
