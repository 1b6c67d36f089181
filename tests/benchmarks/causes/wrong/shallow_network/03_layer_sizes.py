def layer_sizes(X, Y):
    n_x = X.shape(0)  # FAULT: shape is a tuple and is called like a function instead of indexed
    n_h = 4
    n_y = Y.shape[0]
    return n_x, n_h, n_y
