def softmax(x):
    x = normalizeRows(x)  # FAULT: the rows are scaled to length 1 first, which is no part of softmax
    e = np.exp(-x)  # FAULT: the exponent must be x, not -x
    return e / e.max(axis=1, keepdims=True)  # FAULT: divides by the largest exponential of the row instead of by their sum
