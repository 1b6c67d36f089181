def initialize_parameters_random(layers_dims):
    params = {}
    for l in range(1, len(layers_dims)):
        n_in, n_out = layers_dims[l - 1], layers_dims[l]
        params[f"W{l}"] = 10 * np.random.rand(n_out, n_in)  # FAULT: rand draws uniform numbers; it should be np.random.randn.
        params[f"b{l}"] = np.zeros((n_out, 1))
    return params
