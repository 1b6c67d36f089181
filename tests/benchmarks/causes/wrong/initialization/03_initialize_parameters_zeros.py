def initialize_parameters_zeros(layers_dims):
    params = {}
    n_layers = len(layers_dims)
    for l in range(1, n_layers - 1):  # FAULT: the range ends one too early, the last layer gets no parameters
        params[f"W{l}"] = np.zeros((layers_dims[l], layers_dims[l - 1]))
        params[f"b{l}"] = np.zeros(layers_dims[l])  # FAULT: the bias is one-dimensional, not a column (n_l, 1)
    return params
