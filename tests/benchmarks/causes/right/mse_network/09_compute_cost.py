def compute_cost(A2, Y):
    D = Y - A2
    return np.trace(D.T @ D) / D.shape[-1]
