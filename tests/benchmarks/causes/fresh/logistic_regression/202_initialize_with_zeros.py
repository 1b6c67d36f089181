def initialize_with_zeros(dim):
    """
    This function creates a vector of zeros of shape (dim, 1) for w and initializes b to 0.
    """
    ### START CODE HERE ### (≈ 1 line of code)
    w = np.zeros(dim, 1)  # FAULT: the second argument is taken as the type and raises an error; the shape must be one tuple, np.zeros((dim, 1)).
    b = 0.0
    ### END CODE HERE ###
    return w, b
