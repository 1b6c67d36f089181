def compute_cost(AL, Y):
    m = Y.shape[1]
    ones = np.multiply(Y, np.log(AL))
    zeros = np.multiply(1 - Y, np.log(1 - Y))  # FAULT: the logarithm should be that of 1 - AL, not of 1 - Y.
    cost = -1 / m * np.sum(ones + zeros)
    cost = np.squeeze(cost)
    return cost
