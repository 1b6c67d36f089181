def compute_cost(A2, Y):
    total = 0.0
    for a, y in zip(A2.T, Y.T):
        total += np.linalg.norm(y - a) ** 2
    return total / len(Y.T)
