def layer_sizes(X, Y):
    inputs = len(X[0])  # FAULT: this counts the examples; the number of inputs is X.shape[0].
    hidden = 4
    outputs = Y.shape[0]
    return inputs, outputs, hidden  # FAULT: the order is wrong; it should be (n_x, n_h, n_y).
