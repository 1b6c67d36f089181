def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = X.shape[1]
    delta2 = 2 / m * (A2 - Y) * A2 * (1 - A2)
    delta1 = np.dot(W2, delta2) * A1 * (1 - A1)  # FAULT: not transposed, should be W2.T

    dLdW2 = np.dot(delta2, A1.T)
    dLdB2 = np.sum(delta2, axis=1, keepdims=True)
    dLdW1 = np.dot(delta1, X.T)
    dLdB1 = np.sum(delta1, axis=1, keepdims=True)
    return dLdW2, dLdB2, dLdW1, dLdB1
