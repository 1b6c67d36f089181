def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = Y.shape[1]

    delta2 = 2 / m * (A2 - Y) * Z2 * (1 - Z2)  # FAULT: the derivative is computed with Z2 itself; it should be with the sigmoid's value, A2 * (1 - A2).
    dLdW2 = np.dot(delta2, A1.T)
    dLdB2 = np.sum(delta2, axis=1, keepdims=True)

    delta1 = np.dot(W2.T, delta2) * Z1 * (1 - Z1)  # FAULT: the derivative is computed with Z1 itself; it should be with the sigmoid's value, A1 * (1 - A1).
    dLdW1 = np.dot(delta1, X.T)
    dLdB1 = np.sum(delta1, axis=1, keepdims=True)

    return dLdW2, dLdB2, dLdW1, dLdB1
