def initialize_params(n_x, n_h, n_y):
    weights = lambda rows, cols: 0.01 * np.random.rand(rows, cols)  # FAULT: rand draws uniform numbers; it should be np.random.randn.
    W1 = weights(n_h, n_x)
    W2 = weights(n_h, n_y)  # FAULT: the shape is transposed; W2 should be (n_y, n_h).
    B1 = np.zeros((n_h, 1))
    B2 = 0  # FAULT: the bias is a number; it should be an array of zeros (n_y, 1).
    return W1, B1, W2, B2
