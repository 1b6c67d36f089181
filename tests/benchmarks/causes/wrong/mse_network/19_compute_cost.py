def compute_cost(A2, Y):
    m = Y.shape[0]  # FAULT: shape[0] is the number of outputs, the number of examples is shape[1]
    cost = 1 / (2 * m) * np.sum(np.square(A2 - Y))  # FAULT: there is no factor 1/2 in this cost
    return cost
