def compute_cost(AL, Y):
    m = Y.shape[1]
    logprobs = np.dot(Y, np.log(AL).T) - np.dot(1 - Y, np.log(1 - AL).T)  # FAULT: the two terms are subtracted, should be added
    cost = -1 / m * logprobs
    cost = np.squeeze(cost)
    return cost
