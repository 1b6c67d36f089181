def backward_propagation_with_dropout(X, Y, cache, keep_prob):
    (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3) = cache
    m = X.shape[1]
    mean = lambda dZ: np.sum(dZ, axis=1, keepdims=True) / m

    dZ3 = A3 - Y
    dA2 = W3.T @ dZ3
    dZ2 = dA2 * (A2 > 0)
    dZ2 = dZ2 * D2 / keep_prob  # FAULT: mask and scale are applied to dZ2 and not to dA2; dA2 should get them, before dZ2 is computed.
    dA1 = W2.T @ dZ2
    dZ1 = dA1 * (A1 > 0)
    dZ1 = dZ1 * D1 / keep_prob  # FAULT: mask and scale are applied to dZ1 and not to dA1; dA1 should get them, before dZ1 is computed.

    return {"dZ3": dZ3, "dW3": dZ3 @ A2.T / m, "db3": mean(dZ3),
            "dA2": dA2, "dZ2": dZ2, "dW2": dZ2 @ A1.T / m, "db2": mean(dZ2),
            "dA1": dA1, "dZ1": dZ1, "dW1": dZ1 @ X.T / m, "db1": mean(dZ1)}
