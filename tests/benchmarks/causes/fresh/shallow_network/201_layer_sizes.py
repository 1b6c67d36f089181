def layer_sizes(X, Y):
    """
    Arguments:
    X -- input dataset of shape (input size, number of examples)
    Y -- labels of shape (output size, number of examples)
    """
    n_x = len(X[0])  # FAULT: this is the length of a row, the number of examples; the number of inputs is len(X) or X.shape[0].
    n_h = 4
    n_y = len(Y)
    return (n_x, n_h, n_y)
