def define_NN_structure(X, Y):
    """Return (n_x, n_h, n_y): the sizes of the layers, with n_h = 4 hidden units."""
    ### START CODE HERE ###
    n_x = X.shape[0]
    n_h = 4
    n_y = Y.shape[1]  # FAULT: this is the number of examples; that of outputs is Y.shape[0].
    ### END CODE HERE ###
    return n_x, n_h, n_y
