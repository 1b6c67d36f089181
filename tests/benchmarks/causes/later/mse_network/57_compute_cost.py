def compute_cost(A2, Y):
    m = Y.shape[1]
    ### START CODE HERE ###
    distance = np.linalg.norm(A2 - Y)  # FAULT: the norm takes a square root; its square is needed, the sum of the squares.
    cost = distance / (2 * m)  # FAULT: there is no factor 1/2; it should be divided by m.
    ### END CODE HERE ###
    return cost
