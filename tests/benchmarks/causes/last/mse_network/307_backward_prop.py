def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = X.shape[1]
    s1 = sigmoid(Z1)
    s2 = sigmoid(Z2)

    d2 = (2 / m) * (A2 - Y) * s2 * (1 - s2)
    dLdW2 = d2 @ A1.T
    dLdB2 = d2.sum(axis=1)  # FAULT: keepdims=True is missing, B2's gradient should be a column.

    d1 = (W2 @ d2) * s1 * (1 - s1)  # FAULT: W2 should be transposed.
    dLdW1 = d1 @ X.T
    dLdB1 = d1.sum(axis=1)  # FAULT: keepdims=True is missing, B1's gradient should be a column.

    return dLdW2, dLdB2, dLdW1, dLdB1
