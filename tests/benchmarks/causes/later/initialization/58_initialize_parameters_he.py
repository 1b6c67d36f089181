def initialize_parameters_he(layers_dims):
    parameters = {}
    L = len(layers_dims) - 1
    for l in range(1, L):  # FAULT: the last layer is left out; with this L it should be range(1, L + 1).
        ### START CODE HERE ###
        parameters["W" + str(l)] = np.random.randn(layers_dims[l], layers_dims[l - 1]) * (2 / layers_dims[l - 1])  # FAULT: the square root is missing; it should be np.sqrt(2 / layers_dims[l - 1]).
        parameters["b" + str(l)] = np.ones((layers_dims[l], 1))  # FAULT: the biases are ones; they should be zeros.
        ### END CODE HERE ###
    return parameters
