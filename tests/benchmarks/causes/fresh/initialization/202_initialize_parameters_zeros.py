def initialize_parameters_zeros(layers_dims):
    """
    Arguments:
    layer_dims -- python array (list) containing the size of each layer.
    """
    parameters = {}
    L = len(layers_dims)            # number of layers in the network

    for l in range(L):  # FAULT: the loop begins with layer 0, the input, which has no parameters; it should be range(1, L).
        ### START CODE HERE ### (≈ 2 lines of code)
        parameters["W" + str(l)] = np.zeros((layers_dims[l], layers_dims[l - 1]))
        parameters["b" + str(l)] = np.zeros(layers_dims[l])  # FAULT: the bias is flat; it should be a column of shape (layers_dims[l], 1).
        ### END CODE HERE ###
        return parameters  # FAULT: the return stands inside the loop and ends it after one layer; it should stand after the loop.
