def compute_cost(A2, Y):
    m = Y.shape[0]  # FAULT: Y.shape[0] is the number of outputs, the number of examples is Y.shape[1]
    J = -(1 / m) * np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))
    return float(J)
