def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = Y.shape[1]
    delta2 = (2 / m) * (A2 - Y)  # FAULT: the factor sigma'(Z2) = A2 * (1 - A2) is missing
    dLdW2 = delta2 @ A1.T
    dLdB2 = delta2.sum(axis=1, keepdims=True)
    delta1 = (W2.T @ delta2) * (A1 * (1 - A1))
    dLdW1 = delta1 @ X.T
    dLdB1 = delta1.sum(axis=1, keepdims=True)
    return dLdW2, dLdB2, dLdW1, dLdB1
