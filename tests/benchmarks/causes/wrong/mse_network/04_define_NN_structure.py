def define_NN_structure(X, Y):
    n_x = X.shape(0)  # FAULT: shape is a tuple and cannot be called, it needs square brackets
    n_h = 4
    n_y = Y.shape[0]
    return n_x, n_h, n_y
