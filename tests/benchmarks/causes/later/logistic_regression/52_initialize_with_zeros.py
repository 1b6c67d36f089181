def initialize_with_zeros(dim):
    """Return w = 0 of shape (dim, 1) and b = 0.0."""
    ### START CODE HERE ###
    w = np.zeros((1, dim))  # FAULT: w is a row; it should be a column of shape (dim, 1).
    b = np.zeros((1, 1))  # FAULT: b is an array; it should be the number 0.0.
    ### END CODE HERE ###
    return w, b
