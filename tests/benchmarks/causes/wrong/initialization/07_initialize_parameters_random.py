def initialize_parameters_random(layers_dims):
    out = {}
    for i in range(len(layers_dims)):  # FAULT: begins at 0, so that there is an extra layer 0 whose input size is layers_dims[-1]
        out["W%d" % i] = np.random.randn(layers_dims[i], layers_dims[i - 1]) * 0.01  # FAULT: the factor is 0.01 instead of 10
        out["b%d" % i] = np.zeros((1, layers_dims[i]))  # FAULT: the bias is a row (1, n_l) instead of a column
    return out
