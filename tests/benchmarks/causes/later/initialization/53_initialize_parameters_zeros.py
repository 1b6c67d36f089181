def initialize_parameters_zeros(layers_dims):
    params = dict()
    for l in range(len(layers_dims)):  # FAULT: the loop begins at 0 and makes a W0 and b0 too; it should begin at 1.
        params["W%d" % l] = np.zeros((layers_dims[l], layers_dims[l - 1]))
        params["b%d" % l] = np.zeros((1, layers_dims[l]))  # FAULT: the bias is a row; it should be a column (layers_dims[l], 1).
    return params
