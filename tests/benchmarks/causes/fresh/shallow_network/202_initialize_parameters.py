def initialize_parameters(n_x, n_h, n_y):
    # output layer
    W2 = np.random.randn(n_y, n_h) * 0.01  # FAULT: W2 is drawn before W1 and gets the numbers meant for W1; W1 should be drawn first.
    b2 = np.zeros((n_y, 1))
    # hidden layer
    W1 = np.random.randn(n_h, n_x) * 0.01  # FAULT: W1 is drawn after W2 and gets later numbers; it should be drawn first.
    b1 = np.ones((n_h, 1)) * 0.01  # FAULT: the biases start at 0.01; they should be zero.

    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
