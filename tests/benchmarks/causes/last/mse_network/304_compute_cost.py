def compute_cost(A2, Y):
    m = Y.shape[1]
    L = np.sum(A2 - Y) ** 2 / m  # FAULT: each difference should be squared before the sum, not the sum.
    return L
