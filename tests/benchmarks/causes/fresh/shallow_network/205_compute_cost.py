def compute_cost(A2, Y):
    ones = np.dot(Y, np.log(A2).T)
    zeros = np.dot(1 - Y, np.log(1 - A2).T)
    cost = -np.mean(ones + zeros)  # FAULT: the dot products are sums already and the mean of one number divides by nothing; it should be divided by m.
    return float(cost)
