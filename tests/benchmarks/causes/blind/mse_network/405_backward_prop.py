def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = X.shape[1]

    # output layer
    dA2 = 2 / m * (A2 - Y)              # (n_y, m)
    dZ2 = dA2 * A2 * (1 - A2)           # (n_y, m)
    dLdW2 = np.dot(dZ2, A1.T)           # (n_y, n_h)
    dLdB2 = np.sum(dZ2, axis=1, keepdims=True)

    # hidden layer
    dA1 = np.dot(W2.T, dZ2)             # (n_h, m)
    dZ1 = dA1 * Z1 * (1 - Z1)  # FAULT: the derivative of the sigmoid is written with Z1, should be A1 * (1 - A1)
    dLdW1 = np.dot(dZ1, X.T)            # (n_h, n_x)
    dLdB1 = np.sum(dZ1, axis=1, keepdims=True)

    return dLdW2, dLdB2, dLdW1, dLdB1
