def initialize_params(n_x, n_h, n_y):
    W1 = np.random.randn(n_x, n_h) * 0.01  # FAULT: the shape of W1 is transposed, it should be (n_h, n_x)
    B1 = np.zeros((n_h, 1))
    W2 = np.random.randn(n_y, n_h) * 0.01
    B2 = np.zeros((n_h, 1))  # FAULT: copy and paste, B2 should have the shape (n_y, 1), not that of B1

    return W1, B1, W2, B2
