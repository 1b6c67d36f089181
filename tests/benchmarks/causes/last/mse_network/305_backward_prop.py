def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = X.shape[1]

    dL_dA2 = 2 / m * (A2 - Y)  # (n_y, m)
    dA2_dZ2 = Z2 * (1 - Z2)  # FAULT: the derivative is A2 * (1 - A2), with the sigmoid's values.
    delta2 = dL_dA2 * dA2_dZ2  # (n_y, m)
    dLdW2 = np.dot(delta2, A1.T)  # (n_y, n_h)
    dLdB2 = np.sum(delta2, axis=1, keepdims=True)  # (n_y, 1)

    dL_dA1 = np.dot(W2.T, delta2)  # (n_h, m)
    dA1_dZ1 = Z1 * (1 - Z1)  # FAULT: the derivative is A1 * (1 - A1), with the sigmoid's values.
    delta1 = dL_dA1 * dA1_dZ1  # (n_h, m)
    dLdW1 = np.dot(delta1, X.T)  # (n_h, n_x)
    dLdB1 = np.sum(delta1, axis=1, keepdims=True)  # (n_h, 1)

    return dLdW2, dLdB2, dLdW1, dLdB1
