def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = X.shape[1]
    delta2 = 2 / m * (A2 - Y) * A2 * (1 - A2)
    dLdW2 = 1 / m * np.dot(delta2, A1.T)  # FAULT: delta2 already contains the 1/m, here it is divided by m a second time
    dLdB2 = 1 / m * np.sum(delta2, axis=1, keepdims=True)  # FAULT: delta2 already contains the 1/m, here it is divided by m a second time
    delta1 = np.dot(W2.T, delta2) * A1 * (1 - A1)
    dLdW1 = 1 / m * np.dot(delta1, X.T)  # FAULT: delta1 already contains the 1/m, here it is divided by m a second time
    dLdB1 = 1 / m * np.sum(delta1, axis=1, keepdims=True)  # FAULT: delta1 already contains the 1/m, here it is divided by m a second time
    return dLdW2, dLdB2, dLdW1, dLdB1
