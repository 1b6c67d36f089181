def compute_cost(AL, Y):
    m = Y.shape[1]
    cost = 1 / m * np.sum(Y * np.log(AL) + (1 - Y) * np.log(1 - AL))  # FAULT: the minus sign in front of the mean is missing
    return np.squeeze(cost)
