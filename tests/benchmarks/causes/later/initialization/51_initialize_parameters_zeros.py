def initialize_parameters_zeros(layers_dims):
    parameters = {}
    L = len(layers_dims)
    for l in range(1, L):
        ### START CODE HERE ###
        parameters["W" + str(l)] = np.zeros((layers_dims[l - 1], layers_dims[l]))  # FAULT: the shape is transposed; it should be (layers_dims[l], layers_dims[l - 1]).
        parameters["b" + str(l)] = np.zeros((layers_dims[l], 1))
        ### END CODE HERE ###
    return parameters
