def initialize_params(n_x, n_h, n_y):
    W1 = 0.01 * np.random.rand(n_h, n_x)  # FAULT: rand draws uniform numbers between 0 and 1, randn is needed for normal ones
    W2 = 0.01 * np.random.rand(n_y, n_h)  # FAULT: rand draws uniform numbers between 0 and 1, randn is needed for normal ones
    B1 = np.zeros((n_h, 1))
    B2 = np.zeros((n_y, 1))
    return W1, B1, W2, B2
