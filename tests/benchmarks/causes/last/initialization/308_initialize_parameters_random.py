def initialize_parameters_random(layers_dims):
    parameters = {}
    L = len(layers_dims)

    for l in range(1, L):
        ### START CODE HERE ### (≈ 2 lines of code)
        parameters['W' + str(l)] = np.random.randn(layers_dims[l], layers_dims[l - 1]) / 10  # FAULT: the weights should be multiplied by 10.
        parameters['b' + str(l)] = np.zeros((layers_dims[l - 1], 1))  # FAULT: the layer has layers_dims[l] units and should have as many biases.
        ### END CODE HERE ###

    return parameters
