def compute_cost_with_regularization(A3, Y, parameters, lambd):
    m = Y.shape[1]
    ce = compute_cost(A3, Y)
    weights = [parameters["W" + str(l)] for l in (1, 2, 3)]
    penalty = sum(np.linalg.norm(W) for W in weights)  # FAULT: np.linalg.norm is the square root of the sum of squares, it has to be squared
    return ce + lambd * penalty / (2 * m)
