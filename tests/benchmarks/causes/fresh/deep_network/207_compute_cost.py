def compute_cost(AL, Y):
    m = Y.shape[1]
    part1 = np.multiply(Y, np.log(AL))
    part2 = np.multiply(1 - Y, 1 - np.log(AL))  # FAULT: this is one minus the logarithm; it should be the logarithm of 1 - AL.
    cost = -np.sum(part1 + part2) / m
    cost = np.squeeze(cost)
    return cost
