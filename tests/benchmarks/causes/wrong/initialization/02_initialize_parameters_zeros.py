def initialize_parameters_zeros(layers_dims):
    parameters = {}

    for l in range(1, len(layers_dims)):
        parameters["W" + str(l)] = np.zeros(layers_dims[l], layers_dims[l - 1])  # FAULT: np.zeros takes the shape as one tuple, the second argument is read as the dtype
        parameters["b" + str(l)] = np.zeros(layers_dims[l], 1)  # FAULT: np.zeros takes the shape as one tuple, the second argument is read as the dtype

    return parameters
