def initialize_params(n_x, n_h, n_y):
    W1 = np.random.randn(n_h, n_x) * 0.01
    B1 = np.random.randn(n_h, 1) * 0.01  # FAULT: the bias is drawn at random instead of being zero, which also takes numbers of the stream away from W2
    W2 = np.random.randn(n_y, n_h) * 0.1  # FAULT: the factor is 0.1 instead of 0.01
    B2 = np.zeros((n_y, 1))
    return W1, B1, W2, B2
