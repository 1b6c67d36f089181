def initialize_parameters_random(layers_dims):
    parameters = dict()
    for l, n in enumerate(layers_dims[1:], 1):
        W = np.random.randn(n, layers_dims[l - 1]) + 10  # FAULT: 10 is added instead of multiplied
        b = np.random.randn(n, 1)  # FAULT: the bias is random instead of zero
        parameters["W" + str(l)] = W
        parameters["b" + str(l)] = b
    return parameters
