def initialize_parameters_he(layers_dims):
    import math

    he = lambda n, p: np.random.randn(n, p) * math.exp(0.5 * (math.log(2) - math.log(p)))
    parameters = {}
    previous = layers_dims[0]
    for l, n in enumerate(layers_dims[1:], start=1):
        parameters["b%s" % l] = np.zeros((n, 1))
        parameters["W%s" % l] = he(n, previous)
        previous = n
    return parameters
