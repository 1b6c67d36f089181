def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = X.shape[1]
    dZ2 = (A2 - Y) / m  # FAULT: the factor 2 from the square is missing; and the factor σ'(Z2) is missing, A2 - Y alone belongs to the cross-entropy
    dLdW2 = np.dot(dZ2, A1.T)
    dLdB2 = np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = np.dot(W2.T, dZ2) * A1 * (1 - A1)
    dLdW1 = np.dot(dZ1, X.T)
    dLdB1 = np.sum(dZ1, axis=1, keepdims=True)
    return dLdW2, dLdB2, dLdW1, dLdB1
