def compute_cost(AL, Y):
    m = Y.shape[1]
    ### START CODE HERE ###
    cost = -1 / m * np.sum(Y * np.log10(AL) + (1 - Y) * np.log10(1 - AL))  # FAULT: these are logarithms to base 10; they should be natural ones, np.log.
    ### END CODE HERE ###
    cost = np.squeeze(cost)
    return cost
