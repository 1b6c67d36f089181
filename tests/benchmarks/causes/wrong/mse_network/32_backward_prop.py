def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = X.shape[1]
    delta2 = 2 / m * (A2 - Y) * A2 * (1 - A2)
    dLdW2 = np.dot(delta2, A1.T)
    dLdB2 = np.sum(delta2, axis=0, keepdims=True)  # FAULT: axis=0 sums over the outputs, the sum over the examples is axis=1
    delta1 = np.dot(W2.T, delta2) * (1 - np.power(A1, 2))  # FAULT: 1 - A1² is the derivative of tanh, the sigmoid's is A1(1 - A1)
    dLdW1 = np.dot(delta1, X.T)
    dLdB1 = np.sum(delta1)  # FAULT: without axis=1 and keepdims everything is summed to one number instead of (n_h, 1)
    return dLdW2, dLdB2, dLdW1, dLdB1
