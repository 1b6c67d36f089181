def compute_cost_with_regularization(A3, Y, parameters, lambd):
    """Return J = cross-entropy + λ/(2m) (Σ W1² + Σ W2² + Σ W3²), a scalar."""
    m = A3.shape[1]
    cross = compute_cost(A3, Y)
    reg = 0
    for l in range(1, 3):  # FAULT: range(1, 3) stops at 2, so W3 is left out of the sum
        W = parameters["W" + str(l)]
        reg += np.sum(np.abs(W))  # FAULT: sums the absolute values (L1) instead of the squares
    reg = lambd / (2 * m) * reg
    return cross, reg  # FAULT: returns the two terms as a tuple instead of their sum
