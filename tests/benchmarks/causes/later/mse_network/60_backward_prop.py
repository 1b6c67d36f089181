def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = X.shape[1]

    def sigmoid_prime(a):
        s = sigmoid(a)
        return s * (1 - s)

    delta2 = 2 * (A2 - Y) * sigmoid_prime(A2) / m  # FAULT: the sigmoid is taken twice; the derivative should be that at Z2, sigmoid_prime(Z2).
    delta1 = np.dot(W2.T, delta2) * sigmoid_prime(A1)  # FAULT: the sigmoid is taken twice; the derivative should be that at Z1, sigmoid_prime(Z1).
    dLdW2 = np.dot(A1, delta2.T)  # FAULT: this is the transpose of the gradient; it should be np.dot(delta2, A1.T).
    dLdB2 = np.sum(delta2, axis=1, keepdims=True)
    dLdW1 = np.dot(delta1, X.T)
    dLdB1 = np.sum(delta1, axis=1, keepdims=True)
    return dLdW2, dLdB2, dLdW1, dLdB1
