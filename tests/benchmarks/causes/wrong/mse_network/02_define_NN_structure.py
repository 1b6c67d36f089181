def define_NN_structure(X, Y):
    n_x = X.shape[0]
    n_h = 4
    n_y = 1  # FAULT: the number of outputs is hard-coded to 1 instead of read off Y
    return n_x, n_h, n_y
