def backward_propagation_with_regularization(X, Y, cache, lambd):
    m = X.shape[1]
    Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3 = cache
    c = lambd / m

    # layer 3
    dZ3 = A3 - Y
    dW3 = dZ3 @ A2.T / m + c * W3
    db3 = np.sum(dZ3, axis=1, keepdims=True) / m

    # layer 2
    dA2 = W3.T @ dZ3
    dZ2 = dA2 * (A2 >= 0)  # FAULT: A2 is never negative, so this lets everything through; it should be A2 > 0.
    dW2 = dZ2 @ A1.T / m  # FAULT: the term c * W2 is missing.
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m

    # layer 1
    dA1 = W2.T @ dZ2
    dZ1 = dA1 * (A1 >= 0)  # FAULT: A1 is never negative, so this lets everything through; it should be A1 > 0.
    dW1 = dZ1 @ X.T / m + c * W1
    db1 = np.sum(dZ1, axis=1, keepdims=True)  # FAULT: the division by m is missing.

    return {"dZ3": dZ3, "dW3": dW3, "db3": db3, "dA2": dA2, "dZ2": dZ2, "dW2": dW2, "db2": db2,
            "dA1": dA1, "dZ1": dZ1, "dW1": dW1, "db1": db1}
