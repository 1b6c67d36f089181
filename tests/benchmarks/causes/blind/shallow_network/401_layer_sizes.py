def layer_sizes(X, Y):
    ### START CODE HERE ### (≈ 3 lines of code)
    n_x = X.shape[0]
    n_h = 4
    n_y = Y.shape[0]
    ### END CODE HERE ###
    return (n_x, n_y, n_h)  # FAULT: wrong order, should be (n_x, n_h, n_y)
