def initialize_params(n_x, n_h, n_y):
    W1 = 0.01 * np.random.randn(n_h, n_x)
    W2 = 0.01 * np.random.randn(n_h, n_y)  # FAULT: the shape is turned round; it should be (n_y, n_h).
    B1 = B2 = np.zeros((n_h, 1))  # FAULT: B2 is the same array as B1 and has its size; it should be its own, of shape (n_y, 1).
    return W1, B1, W2, B2
