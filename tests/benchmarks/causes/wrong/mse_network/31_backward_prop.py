def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = X.shape[1]
    delta2 = 2 / m * (A2 - Y) * A2 * (1 - A2)
    dLdW2 = delta2 @ A1.T
    dLdB2 = np.sum(delta2, axis=1, keepdims=True)
    s = A1 * (1 - A2)  # FAULT: copy and paste, the derivative of the hidden layer is A1(1 - A1), not A1(1 - A2)
    delta1 = W2.T @ delta2 * s
    dLdW1 = delta1 @ X.T
    dLdB1 = np.sum(delta2, axis=1, keepdims=True)  # FAULT: copy and paste, delta1 has to be summed here instead of delta2
    return dLdW2, dLdB2, dLdW1, dLdB1
