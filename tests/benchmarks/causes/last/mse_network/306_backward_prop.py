def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = Y.shape[1]
    delta2 = 2 / m * (A2 - Y)  # FAULT: the factor A2 * (1 - A2) is missing.
    dLdW2 = np.dot(delta2, A1.T) / m  # FAULT: the 1/m is in delta2 already and should not be divided by again.
    dLdB2 = np.sum(delta2, axis=1, keepdims=True)
    delta1 = np.dot(W2.T, delta2) * A1 * (1 - A1)
    dLdW1 = np.dot(delta1, X.T)
    dLdB1 = np.sum(delta1, keepdims=True)  # FAULT: axis=1 is missing, so everything is added up to one number.
    return dLdW2, dLdB2, dLdW1, dLdB1
