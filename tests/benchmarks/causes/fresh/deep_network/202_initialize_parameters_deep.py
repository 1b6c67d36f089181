def initialize_parameters_deep(layer_dims):
    """
    layer_dims -- python array (list) containing the dimensions of each layer in our network
    """
    parameters = {}
    L = len(layer_dims) - 1            # layers without the input
    for l in range(1, L):  # FAULT: range(1, L) stops before layer L and leaves out the last layer; it should be range(1, L + 1).
        n_out, n_in = layer_dims[l], layer_dims[l - 1]
        parameters[f"W{l}"] = np.random.randn(n_out, n_in) / np.sqrt(n_in)
        parameters[f"b{l}"] = np.zeros((1, n_out))  # FAULT: the bias is a row; it should be a column of shape (n_out, 1).
    return parameters
