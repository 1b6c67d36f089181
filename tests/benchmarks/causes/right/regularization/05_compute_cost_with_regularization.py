def compute_cost_with_regularization(A3, Y, parameters, lambd):
    m = np.shape(Y)[-1]
    cost = compute_cost(A3, Y)
    for W in map(parameters.get, ["W1", "W2", "W3"]):
        cost = cost + (lambd * np.trace(W @ W.T)) / (2 * m)
    return float(cost)
