def compute_cost(A2, Y):
    m = Y.shape[1]
    ### START CODE HERE ###
    distance = np.linalg.norm(A2 - Y)  # FAULT: the norm has a square root in it; it should be squared.
    L = 1 / (2 * m) * distance  # FAULT: there is no factor 1/2 in this cost; it should be 1 / m.
    ### END CODE HERE ###
    return L
