def initialize_with_zeros(dim):
    w = np.zeros((dim))  # FAULT: (dim) is no tuple, so w has the shape (dim,) instead of (dim, 1)
    b = 0.0
    return w, b
