def backward_propagation_with_dropout(X, Y, cache, keep_prob):
    m = X.shape[1]
    (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3) = cache

    # output layer
    dZ3 = A3 - Y
    dW3 = dZ3 @ A2.T / m
    db3 = np.mean(dZ3, axis=1, keepdims=True)

    # second hidden layer
    dA2 = W3.T @ dZ3
    D2 = np.random.rand(*dA2.shape) < keep_prob  # FAULT: draws a new mask instead of using the D2 of the cache
    dA2 = dA2 * D2 / keep_prob
    dZ2 = dA2 * (A2 > 0)
    dW2 = dZ2 @ A1.T / m
    db2 = np.mean(dZ2, axis=1, keepdims=True)

    # first hidden layer
    dA1 = W2.T @ dZ2
    D1 = np.random.rand(*dA1.shape) < keep_prob  # FAULT: draws a new mask instead of using the D1 of the cache
    dA1 = dA1 * D1 / keep_prob
    dZ1 = dA1 * (A1 > 0)
    dW1 = dZ1 @ X.T / m
    db1 = np.mean(dZ1, axis=1, keepdims=True)

    return {"dZ3": dZ3, "dW3": dW3, "db3": db3, "dA2": dA2, "dZ2": dZ2, "dW2": dW2,
            "db2": db2, "dA1": dA1, "dZ1": dZ1, "dW1": dW1, "db1": db1}
