def backward_propagation_with_regularization(X, Y, cache, lambd):
    (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3) = cache
    m = X.shape[1]
    k = 1 // m  # FAULT: // rounds the quotient down to 0; it should be 1 / m.

    dZ3 = A3 - Y
    dW3 = k * dZ3.dot(A2.T) + lambd * W3  # FAULT: the decay is not divided by m; it should be lambd / m * W3.
    db3 = k * dZ3.sum(axis=1, keepdims=True)

    dA2 = W3.T.dot(dZ3)
    dZ2 = dA2 * (dA2 > 0)  # FAULT: the relu's slope is taken from the sign of dA2; it should be that of Z2, Z2 > 0.
    dW2 = k * dZ2.dot(A1.T) + lambd * W2  # FAULT: the decay is not divided by m; it should be lambd / m * W2.
    db2 = k * dZ2.sum(axis=1, keepdims=True)

    dA1 = W2.T.dot(dZ2)
    dZ1 = dA1 * (dA1 > 0)  # FAULT: the relu's slope is taken from the sign of dA1; it should be that of Z1, Z1 > 0.
    dW1 = k * dZ1.dot(X.T) + lambd * W1  # FAULT: the decay is not divided by m; it should be lambd / m * W1.
    db1 = k * dZ1.sum(axis=1, keepdims=True)

    grads = {}
    grads["dZ3"], grads["dW3"], grads["db3"] = dZ3, dW3, db3
    grads["dA2"], grads["dZ2"], grads["dW2"], grads["db2"] = dA2, dZ2, dW2, db2
    grads["dA1"], grads["dZ1"], grads["dW1"], grads["db1"] = dA1, dZ1, dW1, db1
    return grads
