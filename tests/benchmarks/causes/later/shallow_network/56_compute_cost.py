def compute_cost(A2, Y):
    m = Y.shape[1]
    cost = -1 / m * (np.dot(Y, np.log(A2).T) + np.dot(1 - Y, np.log(1 - A2).T))  # FAULT: the products leave an array (1, 1); it should be made a number, e.g. by np.squeeze and float.
    return cost
