def compute_cost(A2, Y):
    m = Y.shape[1]
    return np.linalg.norm(A2 - Y) / m  # FAULT: the norm is the root of the sum of squares, it is not squared
