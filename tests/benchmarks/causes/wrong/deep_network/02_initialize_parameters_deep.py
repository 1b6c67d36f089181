def initialize_parameters_deep(layer_dims):
    params = dict()
    for l in range(1, len(layer_dims)):
        n_out, n_in = layer_dims[l], layer_dims[l - 1]
        params[f"W{l}"] = np.random.randn((n_out, n_in)) / np.sqrt(n_in)  # FAULT: randn takes the sizes as separate arguments, not as a tuple
        params[f"b{l}"] = np.zeros((n_out, 1))
    return params
