def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = X.shape[1]
    dA2 = 2 / m * A2 - Y  # FAULT: brackets are missing, the factor 2/m applies to A2 only instead of to A2 - Y
    dZ2 = dA2 * (A2 - A2 ** 2)
    dLdW2 = np.matmul(dZ2, A1.T)
    dLdB2 = np.sum(dZ2, axis=1, keepdims=True)

    dA1 = np.matmul(W2.T, dZ2)
    dZ1 = dA1 * (A1 - A1 ** 2)
    dLdW1 = np.matmul(dZ1, X.T)
    dLdB1 = np.sum(dZ1, axis=1, keepdims=True)
    return dLdW2, dLdB2, dLdW1, dLdB1
