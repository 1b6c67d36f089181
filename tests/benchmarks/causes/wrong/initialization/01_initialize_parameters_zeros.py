def initialize_parameters_zeros(layers_dims):
    parameters = {}
    L = len(layers_dims)
    for l in range(1, L):
        parameters["W" + str(l)] = np.zeros((layers_dims[l - 1], layers_dims[l]))  # FAULT: the shape is transposed, W_l is (n_l, n_{l-1})
        parameters["b" + str(l)] = np.zeros((layers_dims[l], 1))
    return parameters
