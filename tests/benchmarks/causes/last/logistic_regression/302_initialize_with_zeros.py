def initialize_with_zeros(dim):
    ### START CODE HERE ### (≈ 1 line of code)
    w = np.zeros(dim)  # FAULT: w should be a column of shape (dim, 1).
    b = 0.0
    ### END CODE HERE ###
    return w, b
