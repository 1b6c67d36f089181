def initialize_parameters_random(layers_dims):
    parameters = {}
    for l, (n_prev, n) in enumerate(zip(layers_dims, layers_dims[1:])):
        W = np.array([[np.random.randn() for _ in range(n_prev)] for _ in range(n)])
        W *= 10
        parameters.update({"W" + str(l + 1): W, "b" + str(l + 1): np.zeros((n, 1), dtype=np.float64)})
    return parameters
