def initialize_parameters(n_x, n_h, n_y):
    p = {}
    p["W1"] = np.random.randn(n_x, n_h) * 0.01  # FAULT: the shape is transposed; W1 should be (n_h, n_x).
    p["W2"] = np.random.randn(n_y, n_h)  # FAULT: the factor 0.01 is missing.
    p["b1"], p["b2"] = np.zeros((n_h, 1)), np.zeros((n_y, 1))
    return p
