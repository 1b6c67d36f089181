def softmax(x):
    rows = x.shape[0]
    cols = x.shape[1]
    s = np.zeros((rows, cols), dtype=int)  # FAULT: an array of integers cuts the fractions off; it should be one of floats.
    for i in range(rows):
        total = 0
        for j in range(cols):
            total += x[i, j]  # FAULT: the exponentials should be added up, not the entries.
        for j in range(cols):
            s[i, j] = np.exp(x[i, j]) / total
    return s
