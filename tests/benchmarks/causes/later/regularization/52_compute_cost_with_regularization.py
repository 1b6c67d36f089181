def compute_cost_with_regularization(A3, Y, parameters, lambd):
    m = Y.shape[1]
    penalty = 0
    for l in range(1, 3):  # FAULT: W3 is left out; it should be range(1, 4).
        penalty += np.sum(parameters["W" + str(l)]) ** 2  # FAULT: the sum is squared; it should be the sum of the squares.
    return compute_cost(A3, Y) + lambd * penalty / (2 * m)
