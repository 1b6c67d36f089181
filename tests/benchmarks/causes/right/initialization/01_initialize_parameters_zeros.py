def initialize_parameters_zeros(layers_dims):
    pairs = list(zip(layers_dims, layers_dims[1:]))
    W = {"W%d" % k: np.zeros([n, p]) for k, (p, n) in enumerate(pairs, 1)}
    b = {"b%d" % k: np.zeros([n, 1]) for k, (_, n) in enumerate(pairs, 1)}
    return {**b, **W}
