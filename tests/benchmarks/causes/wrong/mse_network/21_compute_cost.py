def compute_cost(A2, Y):
    m = A2.shape[1]
    J = np.sum(A2 - Y) ** 2 / m  # FAULT: the sum is squared instead of the single differences
    return J
