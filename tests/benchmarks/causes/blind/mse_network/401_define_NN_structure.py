def define_NN_structure(X, Y):
    n_x = X.shape[1]  # FAULT: that is the number of examples, should be X.shape[0]
    n_h = 4
    n_y = Y.shape[0]
    return n_x, n_h, n_y
