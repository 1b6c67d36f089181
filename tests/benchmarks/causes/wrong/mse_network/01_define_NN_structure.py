def define_NN_structure(X, Y):
    n_x = X.shape[1]  # FAULT: shape[1] is the number of examples, the number of inputs is X.shape[0]
    n_h = 4
    n_y = Y.shape[0]
    return (n_x, n_h, n_y)
