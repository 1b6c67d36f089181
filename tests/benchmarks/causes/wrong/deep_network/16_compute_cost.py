def compute_cost(AL, Y):
    m = Y.shape[0]  # FAULT: takes the number of rows (1) for the number of examples, which is Y.shape[1]
    pos = Y * np.log(AL)
    neg = (1 - Y) * np.log(AL)  # FAULT: the second term needs log(1 - AL), not log(AL)
    return -np.sum(pos + neg) / m
