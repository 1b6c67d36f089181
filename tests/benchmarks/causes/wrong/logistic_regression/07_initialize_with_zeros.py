def initialize_with_zeros(dim):
    w = np.zeros(dim, 1)  # FAULT: the shape must be passed as one tuple (dim, 1); the 1 is taken for the dtype and raises
    b = 0.0

    return w, b
