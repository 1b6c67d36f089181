def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = X.shape[1]
    delta2 = 2 / m * (A2 - Y) * A2 * (1 - A2)
    dLdW2 = np.zeros(W2.shape)
    dLdB2 = np.zeros((W2.shape[0], 1))
    dLdW1 = np.zeros((W2.shape[1], X.shape[0]))
    dLdB1 = np.zeros((W2.shape[1], 1))
    for i in range(m + 1):  # FAULT: the loop goes one example too far and raises an IndexError, it should be range(m)
        d2 = delta2[:, i].reshape(-1, 1)
        a1 = A1[:, i].reshape(-1, 1)
        x = X[:, i].reshape(-1, 1)
        d1 = np.dot(W2.T, d2) * a1 * (1 - a1)
        dLdW2 += np.dot(d2, a1.T)
        dLdB2 += d2
        dLdW1 += np.dot(d1, x.T)
        dLdB1 += d1
    return dLdW2, dLdB2, dLdW1, dLdB1
