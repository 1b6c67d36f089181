def define_NN_structure(X, Y):
    n_x = X.shape[0]
    n_h = 4
    n_y = len(np.unique(Y))  # FAULT: this counts the different labels; the number of outputs is the number of rows, Y.shape[0].
    return n_x, n_h, n_y
