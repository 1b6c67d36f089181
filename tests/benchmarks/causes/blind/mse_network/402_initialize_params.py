def initialize_params(n_x, n_h, n_y):
    ### START CODE HERE ###
    W1 = np.random.randn(n_h, n_x) * 0.01
    B1 = np.zeros((n_h, 1))
    W2 = np.random.randn(n_h, n_y) * 0.01  # FAULT: sizes in the wrong order, should be (n_y, n_h)
    B2 = np.zeros((n_y, 1))
    ### END CODE HERE ###
    return W1, B1, W2, B2
