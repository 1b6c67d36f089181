def initialize_parameters_he(layers_dims):
    params = {}
    for l in range(1, len(layers_dims)):
        W = np.random.randn(layers_dims[l], layers_dims[l - 1])
        W = W * np.sqrt(2) / layers_dims[l - 1]  # FAULT: the root is of the 2 only, should be np.sqrt(2 / layers_dims[l - 1])
        b = np.zeros((layers_dims[l - 1], 1))  # FAULT: size of the layer before, should be (layers_dims[l], 1)
        params["W" + str(l)] = W
        params["b" + str(l)] = b
    return params
