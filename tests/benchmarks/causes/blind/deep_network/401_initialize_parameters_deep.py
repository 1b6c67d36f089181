def initialize_parameters_deep(layer_dims):
    parameters = {}
    L = len(layer_dims) - 1  # number of layers

    for l in range(1, L):  # FAULT: stops before the last layer; with L = len(layer_dims) - 1 it should be range(1, L + 1)
        ### START CODE HERE ###
        parameters['W' + str(l)] = np.random.randn(layer_dims[l], layer_dims[l-1]) / np.sqrt(layer_dims[l-1])
        parameters['b' + str(l)] = np.zeros((layer_dims[l], 1))
        ### END CODE HERE ###

    return parameters
