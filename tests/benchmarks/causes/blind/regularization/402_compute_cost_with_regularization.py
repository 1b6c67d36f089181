def compute_cost_with_regularization(A3, Y, parameters, lambd):
    m = Y.shape[1]
    cross_entropy = compute_cost(A3, Y)
    penalty = 0
    for name, value in parameters.items():  # FAULT: runs over the biases too, should be over W1, W2, W3 only
        penalty += np.sum(value ** 2)
    penalty = lambd / 2 * m * penalty  # FAULT: brackets missing, multiplies by m; should be lambd / (2 * m)
    return cross_entropy + penalty
