def backward_propagation_with_regularization(X, Y, cache, lambd):
    m = X.shape[1]
    Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3 = cache
    decay = lambd / m

    dZ3 = A3 - Y
    dW3 = np.dot(dZ3, A2.T) / m + decay * W3
    db3 = np.sum(dZ3, axis=1, keepdims=True) / m + decay * b3  # FAULT: the bias is decayed; db3 should have no such term.

    dA2 = np.dot(W3.T, dZ3)
    dZ2 = dA2 * (Z2 > 0)
    dW2 = np.dot(dZ2, A1.T) / m + decay * W2
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m + decay * b2  # FAULT: the bias is decayed; db2 should have no such term.

    dA1 = np.dot(W2.T, dA2)  # FAULT: dA2 goes back through the layer, without the relu's slope; it should be dZ2.
    dZ1 = dA1 * (Z1 > 0)
    dW1 = np.dot(dZ1, X.T) / m + decay * W1
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m + decay * b1  # FAULT: the bias is decayed; db1 should have no such term.

    return {"dZ3": dZ3, "dW3": dW3, "db3": db3,
            "dA2": dA2, "dZ2": dZ2, "dW2": dW2, "db2": db2,
            "dA1": dA1, "dZ1": dZ1, "dW1": dW1, "db1": db1}
