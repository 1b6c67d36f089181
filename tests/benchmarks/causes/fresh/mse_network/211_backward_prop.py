def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = X.shape[1]
    slope1 = A1
    slope1 *= 1 - A1  # FAULT: slope1 is A1 itself, so A1 is overwritten before dLdW2 needs it; it should be slope1 = A1 * (1 - A1).
    delta2 = (2 / m) * (A2 - Y) * (A2 * (1 - A2))
    dLdW2 = delta2.dot(A1.T)
    dLdB2 = delta2.sum(axis=1, keepdims=True)
    delta1 = W2.T.dot(delta2) * slope1
    dLdW1 = delta1.dot(X.T)
    dLdB1 = delta1.sum(axis=1, keepdims=True)
    return dLdW2, dLdB2, dLdW1, dLdB1
