def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    n_y, n_h = W2.shape
    n_x, m = X.shape
    dW2, dB2 = np.zeros((n_y, n_h)), np.zeros((n_y, 1))
    dW1, dB1 = np.zeros((n_h, n_x)), np.zeros((n_h, 1))
    for k in range(m):
        d2 = 2 * (A2[:, k] - Y[:, k]) * A2[:, k] * (1 - A2[:, k])
        d1 = (d2 @ W2) * A1[:, k] * (1 - A1[:, k])
        dW2 += np.outer(d2, A1[:, k])
        dB2[:, 0] += d2
        dW1 += np.outer(d1, X[:, k])
        dB1[:, 0] += d1
    return dW2 / m, dB2 / m, dW1 / m, dB1 / m
