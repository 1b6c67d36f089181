def compute_cost(A2, Y):
    diff = A2 - Y
    m = diff.shape[1]
    cost = np.dot(diff, diff) / m  # FAULT: the product of two (n_y, m) arrays without a transposition raises; the squares have to be summed up entry by entry
    return np.squeeze(cost)
