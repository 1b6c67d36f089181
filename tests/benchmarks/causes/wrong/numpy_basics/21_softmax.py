def softmax(x):
    n, k = x.shape
    s = np.zeros((n, k))
    for i in range(n):
        total = 0
        for j in range(k - 1):  # FAULT: range(k - 1) leaves the last column out of the sum
            total += np.exp(x[i, j])
        for j in range(k):
            s[i, j] = np.exp(x[i, j]) / total
    return s
