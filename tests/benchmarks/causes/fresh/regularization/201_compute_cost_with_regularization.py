def compute_cost_with_regularization(A3, Y, parameters, lambd):
    m = Y.shape[1]
    W1 = parameters["W1"]
    W2 = parameters["W2"]
    W3 = parameters["W3"]

    cross_entropy_cost = compute_cost(A3, Y)  # This gives you the cross-entropy part of the cost

    L2_regularization_cost = 0
    for W in (W1, W2, W3):
        L2_regularization_cost += np.square(np.sum(W))  # FAULT: the sum is squared; the squares should be summed, np.sum(np.square(W)).
    L2_regularization_cost *= lambd / (2 * m)

    cost = cross_entropy_cost + L2_regularization_cost

    return cost
