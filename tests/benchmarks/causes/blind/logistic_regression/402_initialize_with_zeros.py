def initialize_with_zeros(dim):
    w = np.zeros(dim)  # FAULT: an array of rank 1, should be a column, np.zeros((dim, 1))
    b = 0.0
    return w, b
