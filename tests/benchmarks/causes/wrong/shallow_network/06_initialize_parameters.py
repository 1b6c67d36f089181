def initialize_parameters(n_x, n_h, n_y):
    params = {}
    params["W2"] = np.random.randn(n_y, n_h) * 0.01  # FAULT: W2 is drawn before W1, so that both get other numbers of the stream
    params["W1"] = np.random.randn(n_h, n_x) * 0.1  # FAULT: the factor is 0.1 instead of 0.01
    params["b1"] = np.zeros((n_h,))  # FAULT: the bias is one-dimensional, not a column (n_h, 1)
    params["b2"] = np.zeros((n_y, 1))
    return params
