def compute_cost_with_regularization(A3, Y, parameters, lambd):
    m = Y.shape[1]
    sq = lambda name: np.sum(parameters[name] ** 2)
    reg = lambd * (sq("W1") + sq("W2") + sq("W3")) / 2 * m  # FAULT: this multiplies by m; parentheses are missing, it should be / (2 * m).
    return compute_cost(A3, Y) + reg
