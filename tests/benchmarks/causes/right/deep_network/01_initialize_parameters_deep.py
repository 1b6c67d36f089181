def initialize_parameters_deep(layer_dims):
    out = {}
    for l, (n_in, n_out) in enumerate(zip(layer_dims, layer_dims[1:]), start=1):
        flat = [np.random.randn() for _ in range(n_out * n_in)]
        out.update({f"W{l}": np.reshape(flat, (n_out, n_in)) * n_in ** -0.5, f"b{l}": np.full((n_out, 1), 0.0)})
    return out
