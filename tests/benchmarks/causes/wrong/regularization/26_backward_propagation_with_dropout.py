def backward_propagation_with_dropout(X, Y, cache, keep_prob):
    (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3) = cache
    m = X.shape[1]

    dZ3 = (A3 - Y) * A3 * (1 - A3)  # FAULT: with the cross-entropy dZ3 is A3 - Y, the sigmoid derivative is already in it
    dW3 = np.dot(dZ3, A2.T)  # FAULT: dW3 is not divided by m
    db3 = 1 / m * np.sum(dZ3, axis=1, keepdims=True)

    dA2 = D2 * np.dot(W3.T, dZ3) / keep_prob
    dZ2 = dA2 * (A2 > 0)
    dW2 = 1 / m * np.dot(dZ2, A1.T)
    db2 = 1 / m * np.sum(dZ2, axis=1, keepdims=True)

    dA1 = D1 * np.dot(W2.T, dZ2) / keep_prob
    dA1 = dA1 / keep_prob  # FAULT: divides dA1 by keep_prob a second time
    dZ1 = dA1 * (A1 > 0)
    dW1 = 1 / m * np.dot(dZ1, X.T)
    db1 = 1 / m * np.sum(dZ1, axis=1, keepdims=True)

    return {"dZ3": dZ3, "dW3": dW3, "db3": db3, "dA2": dA2, "dZ2": dZ2, "dW2": dW2,
            "db2": db2, "dA1": dA1, "dZ1": dZ1, "dW1": dW1, "db1": db1}
