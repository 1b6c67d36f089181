def initialize_parameters_zeros(layers_dims):
    res = {}
    for l in range(1, len(layers_dims)):
        res["W" + l] = np.zeros((layers_dims[l], layers_dims[l - 1]))  # FAULT: a number cannot be added to a text; the key should be "W" + str(l).
        res["b" + l] = np.zeros((layers_dims[l], 1))  # FAULT: a number cannot be added to a text; the key should be "b" + str(l).
    return res
