def compute_cost_with_regularization(A3, Y, parameters, lambd):
    """Return J = cross-entropy + λ/(2m) (Σ W1² + Σ W2² + Σ W3²), a scalar."""
    m = Y.shape[1]
    W1 = parameters["W1"]
    W2 = parameters["W2"]
    W3 = parameters["W3"]

    cross_entropy_cost = compute_cost(A3, Y)
    L2 = lambd / 2 * m * (np.sum(np.square(W1)) + np.sum(np.square(W2)) + np.sum(np.square(W3)))  # FAULT: `/ 2 * m` multiplies by m instead of dividing by 2m, parentheses are missing

    return cross_entropy_cost + L2
