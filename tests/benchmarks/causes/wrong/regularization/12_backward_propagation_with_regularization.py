def backward_propagation_with_regularization(X, Y, cache, lambd):
    m = Y.size
    Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3 = cache

    dZ3 = Y - A3  # FAULT: the sign is turned round, dZ3 is A3 - Y
    dW3 = np.dot(dZ3, A2.T) / m
    dW3 += lambd / m * W3
    db3 = np.sum(dZ3, axis=1, keepdims=True) / m

    dA2 = np.dot(W3.T, dZ3)
    dZ2 = dA2 * (Z2 > 0)
    dW2 = np.dot(dZ2, A1.T) / m
    dW2 += lambd / m * W2
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m

    dA1 = np.dot(W2.T, dA2)  # FAULT: dA1 comes from dZ2 and not from dA2, the relu of layer 2 is skipped
    dZ1 = dA1 * (Z1 > 0)
    dW1 = np.dot(dZ1, X.T) / m
    dW1 = lambd / m * W1  # FAULT: = overwrites the gradient of the cross-entropy, it should be +=
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m

    return {"dZ3": dZ3, "dW3": dW3, "db3": db3, "dA2": dA2, "dZ2": dZ2, "dW2": dW2,
            "db2": db2, "dA1": dA1, "dZ1": dZ1, "dW1": dW1, "db1": db1}
