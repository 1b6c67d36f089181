def backward_propagation(parameters, cache, X, Y):
    W2 = parameters["W2"]
    A1, A2 = cache["A1"], cache["A2"]
    m = Y.shape[1]
    g = {"d" + k: np.zeros_like(v, dtype=float) for k, v in parameters.items()}
    for i in range(m):
        x, a1 = X[:, i:i + 1], A1[:, i:i + 1]
        e2 = A2[:, i:i + 1] - Y[:, i:i + 1]
        e1 = (W2.T @ e2) * (1 - a1) * (1 + a1)
        g["dW2"] += np.outer(e2, a1)
        g["db2"] += e2
        g["dW1"] += np.outer(e1, x)
        g["db1"] += e1
    return {k: v / m for k, v in g.items()}
