def compute_cost_with_regularization(A3, Y, parameters, lambd):
    m = Y.shape[1]
    penalty = 0
    for name, p in parameters.items():  # FAULT: the loop takes in the biases too; only W1, W2 and W3 should count.
        penalty += np.sum(p ** 2)
    return compute_cost(A3, Y) + lambd / m * penalty  # FAULT: the factor 1/2 is missing; it should be lambd / (2 * m).
