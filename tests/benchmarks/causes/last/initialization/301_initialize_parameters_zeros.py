def initialize_parameters_zeros(layers_dims):
    parameters = {}
    L = len(layers_dims)
    for l in range(1, L):
        parameters["W" + str(l)] = np.zeros(layers_dims[l], layers_dims[l - 1])  # FAULT: np.zeros should get the shape as one tuple, in a second pair of parentheses.
        parameters["b" + str(l)] = np.zeros((layers_dims[l], 1))
    return parameters
