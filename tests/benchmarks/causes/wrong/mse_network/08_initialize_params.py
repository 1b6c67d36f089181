def initialize_params(n_x, n_h, n_y):
    np.random.seed(2)  # FAULT: the function sets its own seed, so it no longer draws from the stream the caller has seeded
    W1 = np.random.randn(n_h, n_x) * 0.01
    B1 = np.zeros((n_h,))  # FAULT: B1 has the shape (n_h,) instead of (n_h, 1)
    W2 = np.random.randn(n_y, n_h) + 0.01  # FAULT: 0.01 is added instead of multiplied
    B2 = np.zeros((n_y, 1))
    return W1, B1, W2, B2
