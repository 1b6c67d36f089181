def initialize_params(n_x, n_h, n_y):
    # output layer
    W2 = np.random.randn(n_y, n_h) * 0.01  # FAULT: W2 is drawn before W1, so both get the wrong numbers of the random stream
    B2 = np.zeros((n_y, 1))
    # hidden layer
    W1 = np.random.randn(n_h, n_x) * 0.01
    B1 = np.zeros((n_h, 1))
    return W1, B1, W2, B2
