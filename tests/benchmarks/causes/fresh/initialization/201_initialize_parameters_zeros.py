def initialize_parameters_zeros(layers_dims):
    parameters = {}
    for l, (n_prev, n) in enumerate(zip(layers_dims, layers_dims[1:]), 1):
        parameters[f"W{l}"] = np.zeros((n_prev, n))  # FAULT: the shape is turned round; it should be (n, n_prev).
        parameters[f"b{l}"] = np.zeros((n, 1))
    return parameters
