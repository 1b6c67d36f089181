def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = X.shape[0]  # FAULT: shape[0] is the number of inputs, the number of examples is X.shape[1]
    delta2 = 2 / m * (Y - A2) * A2 * (1 - A2)  # FAULT: the difference is the wrong way round, Y - A2 instead of A2 - Y
    dLdW2 = np.dot(delta2, A1)  # FAULT: A1 is not transposed, the shapes (n_y, m) and (n_h, m) do not fit and np.dot raises
    dLdB2 = np.sum(delta2, axis=1, keepdims=True)
    delta1 = np.dot(W2.T, delta2) * A1 * (1 - A1)
    dLdW1 = np.dot(delta1, X.T)
    dLdB1 = np.sum(delta1, axis=1, keepdims=True)
    return dLdW2, dLdB2, dLdW1, dLdB1
