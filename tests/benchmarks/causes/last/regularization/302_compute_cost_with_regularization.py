def compute_cost_with_regularization(A3, Y, parameters, lambd):
    m = Y.shape[1]
    penalty = 0
    for name in parameters:  # FAULT: this runs over the biases too; only the weights W1, W2 and W3 should count.
        penalty += np.sum(parameters[name] ** 2)
    penalty = penalty * lambd / (2 * m)
    return compute_cost(A3, Y) - penalty  # FAULT: the penalty should be added.
