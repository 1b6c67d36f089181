def initialize_parameters(n_x, n_h, n_y):
    # weights small, biases zero
    W1 = 0.01 * np.random.randn((n_h, n_x))  # FAULT: randn takes the dimensions as separate arguments, not as one tuple
    W2 = 0.01 * np.random.randn((n_y, n_h))  # FAULT: randn takes the dimensions as separate arguments, not as one tuple
    b1 = np.zeros((n_h, 1))
    b2 = np.zeros((n_y, 1))
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
