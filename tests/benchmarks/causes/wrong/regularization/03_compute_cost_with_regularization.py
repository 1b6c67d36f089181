def compute_cost_with_regularization(A3, Y, parameters, lambd):
    m = Y.shape[0]  # FAULT: Y is (1, m), so the number of examples is Y.shape[1] and not Y.shape[0]
    W1, W2, W3 = parameters["W1"], parameters["W2"], parameters["W3"]

    cost = compute_cost(A3, Y)

    s1 = np.sum(np.square(W1))
    s2 = np.square(np.sum(W2))  # FAULT: squares the sum of W2 instead of summing the squares
    s3 = np.sum(np.square(W3))

    cost = cost + (lambd / (2 * m)) * (s1 + s2 + s3)
    return cost
