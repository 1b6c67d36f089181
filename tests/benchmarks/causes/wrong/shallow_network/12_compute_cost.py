def compute_cost(A2, Y):
    m = Y.shape[1]
    logprobs = np.dot(np.log(A2), Y) + np.dot(np.log(1 - A2), 1 - Y)  # FAULT: matrix product of two rows (1, m) without a transpose, the shapes do not fit
    cost = -np.sum(logprobs) / m
    return cost
