def compute_cost(AL, Y):
    m = Y.shape[1]

    # Compute loss from aL and y.
    cost = -(1. / m) * (np.dot(Y, np.log(AL)) + np.dot(1 - Y, np.log(1 - AL)))  # FAULT: the logarithms are not transposed, so that (1, m) is multiplied by (1, m)
    cost = np.squeeze(cost)

    return cost
