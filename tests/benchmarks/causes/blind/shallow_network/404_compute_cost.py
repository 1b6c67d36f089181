def compute_cost(A2, Y):
    m = Y.shape[1]  # number of examples

    logprobs = np.dot(Y, np.log(A2)) + np.dot(1 - Y, np.log(1 - A2))  # FAULT: matrix products of two rows, should be products entry by entry, np.multiply
    cost = -np.sum(logprobs) / m

    cost = float(np.squeeze(cost))
    return cost
