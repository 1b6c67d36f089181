def backward_propagation_with_regularization(X, Y, cache, lambd):
    """Example after example."""
    Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3 = cache
    m = X.shape[1]
    # the slopes of the penalty come first, the examples add to them
    dW1, dW2, dW3 = lambd / m * W1, lambd / m * W2, lambd / m * W3
    db1, db2, db3 = np.zeros(b1.shape), np.zeros(b2.shape), np.zeros(b3.shape)
    dZ1, dA1 = np.empty(Z1.shape), np.empty(Z1.shape)
    dZ2, dA2 = np.empty(Z2.shape), np.empty(Z2.shape)
    dZ3 = np.empty(Z3.shape)
    for i in range(m):
        c = slice(i, i + 1)
        dZ3[:, c] = A3[:, c] - Y[:, c]
        dA2[:, c] = W3.T @ dZ3[:, c]
        dZ2[:, c] = dA2[:, c] * (Z2[:, c] > 0)
        dA1[:, c] = W2.T @ dZ2[:, c]
        dZ1[:, c] = dA1[:, c] * (Z1[:, c] > 0)
        dW3 += np.outer(dZ3[:, i], A2[:, i]) / m
        dW2 += np.outer(dZ2[:, i], A1[:, i]) / m
        dW1 += np.outer(dZ1[:, i], X[:, i]) / m
        db3 += dZ3[:, c] / m
        db2 += dZ2[:, c] / m
        db1 += dZ1[:, c] / m
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2, "dW3": dW3, "db3": db3,
            "dA1": dA1, "dA2": dA2, "dZ1": dZ1, "dZ2": dZ2, "dZ3": dZ3}
