def compute_cost(A2, Y):
    m = Y.shape[1]
    total = 0
    for i in range(m):
        if Y[0, i] == 1:
            total += np.log10(A2[0, i])  # FAULT: base-10 logarithm instead of the natural one
        else:
            total += np.log(A2[0, i])  # FAULT: for label 0 it takes log(a) instead of log(1 - a)
    return total / m  # FAULT: the minus sign is missing
