def backward_propagation_with_regularization(X, Y, cache, lambd):
    m = X.shape[1]
    (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3) = cache
    decay = lambd / (2 * m)  # FAULT: the 2 cancels when the square is differentiated; it should be lambd / m.
    mean_rows = lambda D: np.sum(D, axis=1, keepdims=True) / m

    dZ3 = A3 - Y
    dW3 = dZ3 @ A2.T / m + decay * W3
    db3 = mean_rows(dZ3) + decay * b3  # FAULT: the biases are not regularized; the decay term should be left out.

    dA2 = W3.T @ dZ3
    dZ2 = dA2 * (Z2 > 0)
    dW2 = dZ2 @ A1.T / m + decay * W2
    db2 = mean_rows(dZ2) + decay * b2  # FAULT: the biases are not regularized; the decay term should be left out.

    dA1 = W2.T @ dZ2
    dZ1 = dA1 * (Z1 > 0)
    dW1 = dZ1 @ X.T / m + decay * W1
    db1 = mean_rows(dZ1) + decay * b1  # FAULT: the biases are not regularized; the decay term should be left out.
    return dict(dZ3=dZ3, dW3=dW3, db3=db3, dA2=dA2, dZ2=dZ2, dW2=dW2, db2=db2, dA1=dA1, dZ1=dZ1, dW1=dW1, db1=db1)
