def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = X.shape[1]
    dLdA2 = 2 / m * (A2 - Y)
    dA2dZ2 = A2 * (1 - A2)
    delta2 = dLdA2 * dA2dZ2
    dLdW2 = delta2 @ A1.T
    dLdB2 = np.mean(delta2, axis=1, keepdims=True)  # FAULT: delta2 has the 1/m already and is averaged again; it should be np.sum.

    dLdA1 = W2.T @ dLdA2  # FAULT: the factor of the output's sigmoid is missing; it should be W2.T @ delta2.
    dA1dZ1 = A1 * (1 - A1)
    delta1 = dLdA1 * dA1dZ1
    dLdW1 = delta1 @ X.T
    dLdB1 = np.mean(delta1, axis=1, keepdims=True)  # FAULT: delta1 has the 1/m already and is averaged again; it should be np.sum.

    return dLdW2, dLdB2, dLdW1, dLdB1
