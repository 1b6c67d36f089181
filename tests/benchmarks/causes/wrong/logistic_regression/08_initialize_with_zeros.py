def initialize_with_zeros(dim):
    w = np.random.randn(1, dim) * 0.01  # FAULT: the weights are random instead of zero; and the shape is (1, dim) instead of (dim, 1)
    b = 1.0  # FAULT: the bias must begin at 0, not at 1
    return w, b
