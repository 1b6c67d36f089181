def compute_cost(A2, Y):
    diff = A2 - Y
    return np.mean(np.square(diff))  # FAULT: the mean divides by all entries, n_y * m; the sum should be divided by the number of examples m only.
