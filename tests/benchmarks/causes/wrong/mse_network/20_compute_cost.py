def compute_cost(A2, Y):
    m = Y.shape[1]
    logprobs = Y * np.log(A2) + (1 - Y) * np.log(1 - A2)  # FAULT: this is the cross-entropy, the cost here is the mean squared error
    return -np.sum(logprobs) / m
