def initialize_parameters_he(layers_dims):
    parameters = {}
    L = len(layers_dims) - 1  # number of layers without the input

    for l in range(1, L):  # FAULT: the last layer is left out; it should be range(1, L + 1).
        factor = np.sqrt(2.0 / layers_dims[l - 1])
        w = np.random.randn(layers_dims[l - 1], layers_dims[l])  # FAULT: the two sizes are swapped; the shape should be (layers_dims[l], layers_dims[l - 1]).
        b = np.zeros((layers_dims[l], 1))
        parameters["W" + str(l)] = w * factor
        parameters["b" + str(l)] = b

    return parameters
