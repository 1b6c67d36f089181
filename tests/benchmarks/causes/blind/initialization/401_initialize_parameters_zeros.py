def initialize_parameters_zeros(layers_dims):
    parameters = {}
    L = len(layers_dims)

    for l in range(1, L):
        parameters[f"W{l}"] = np.zeros((layers_dims[l - 1], layers_dims[l]))  # FAULT: sizes in the wrong order, should be (layers_dims[l], layers_dims[l - 1])
        parameters[f"b{l}"] = np.zeros((layers_dims[l], 1))
    return parameters
