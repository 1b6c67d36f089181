def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = X.shape[1]

    dL = 2 / m * (Y - A2)  # FAULT: wrong sign, should be A2 - Y
    delta2 = dL * A2 * (1 - A2)
    dLdW2 = 1 / m * np.dot(delta2, A1.T)  # FAULT: divided by m a second time, delta2 has the factor already
    dLdB2 = np.sum(delta2, axis=1, keepdims=True)

    delta1 = np.dot(W2.T, delta2) * A1 * (1 - A1)
    dLdW1 = np.dot(delta1, X.T)
    dLdB1 = np.sum(delta1, axis=0, keepdims=True)  # FAULT: sums over the units, should sum over the examples, axis=1

    return dLdW2, dLdB2, dLdW1, dLdB1
