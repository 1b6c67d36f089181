def softmax(x):
    total = np.sum(x, axis=0, keepdims=True)  # FAULT: axis=0 adds up the columns; each row should be added up, axis=1.
    return np.exp(x) / np.exp(total)  # FAULT: this divides by the exponential of a sum; it should be the sum of the exponentials.
