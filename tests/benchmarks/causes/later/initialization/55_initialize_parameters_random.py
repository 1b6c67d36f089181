def initialize_parameters_random(layers_dims):
    np.random.seed(0)  # FAULT: the function fixes the seed itself; it should draw from the stream as the caller has seeded it.
    out = {}
    for l, (n_prev, n) in enumerate(zip(layers_dims, layers_dims[1:]), start=1):
        out[f"W{l}"] = np.sqrt(10) * np.random.randn(n, n_prev)  # FAULT: the factor should be 10, not its square root.
        out[f"b{l}"] = np.zeros((n, 1))
    return out
