def initialize_parameters(n_x, n_h, n_y):
    ### START CODE HERE ###
    W1 = np.random.randn((n_h, n_x)) * 0.01  # FAULT: randn takes the sizes as separate arguments, not as a tuple; it should be randn(n_h, n_x).
    b1 = np.zeros((n_h, 1))
    W2 = np.random.randn((n_y, n_h)) * 0.01  # FAULT: randn takes the sizes as separate arguments, not as a tuple; it should be randn(n_y, n_h).
    b2 = np.zeros((n_y, 1))
    ### END CODE HERE ###
    parameters = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    return parameters
