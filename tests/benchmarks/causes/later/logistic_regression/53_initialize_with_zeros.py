def initialize_with_zeros(dim):
    ### START CODE HERE ###
    w = np.zeros(dim, 1)  # FAULT: the shape has to be one tuple; it should be np.zeros((dim, 1)).
    b = 0.0
    ### END CODE HERE ###
    return w, b
