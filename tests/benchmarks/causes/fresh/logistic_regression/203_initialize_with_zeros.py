def initialize_with_zeros(dim):
    weights = np.zeros((1, dim))  # FAULT: the weights are a row; they should be a column of shape (dim, 1).
    bias = 0.0
    return bias, weights  # FAULT: the two are returned in the wrong order; it should be the weights first, then the bias.
