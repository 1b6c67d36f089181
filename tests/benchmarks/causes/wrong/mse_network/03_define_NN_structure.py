def define_NN_structure(X, Y):
    n_x = len(X[0])  # FAULT: len(X[0]) is the length of a row, the number of examples, instead of the number of rows
    n_h = 3  # FAULT: there are 4 hidden units, not 3
    n_y = len(Y)
    return n_x, n_y, n_h  # FAULT: the order is wrong, it should be n_x, n_h, n_y
