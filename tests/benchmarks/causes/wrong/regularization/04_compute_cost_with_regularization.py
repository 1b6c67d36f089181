def compute_cost_with_regularization(A3, Y, parameters, lambd):
    m = Y.shape[1]
    W1, b1, W2, b2, W3, b3 = parameters  # FAULT: unpacking a dictionary gives its keys (strings) and not the arrays
    cross_entropy_cost = compute_cost(A3, Y)
    L2_regularization_cost = (np.sum(np.square(W1)) + np.sum(np.square(W2)) + np.sum(np.square(W3))) * lambd / (2 * m)
    cost = cross_entropy_cost + L2_regularization_cost
    return cost
