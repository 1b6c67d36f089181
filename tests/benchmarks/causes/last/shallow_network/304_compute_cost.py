def compute_cost(A2, Y):
    m = Y.shape[1]
    # cross entropy
    logprobs = np.multiply(np.log(A2), Y)  # FAULT: the second term, (1 - Y) * log(1 - A2), is missing.
    cost = -np.sum(logprobs) / m
    cost = float(np.squeeze(cost))
    return cost
