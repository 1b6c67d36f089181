def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = X.shape[1]

    def sigmoid_prime(z):
        return sigmoid(z) * (1 - sigmoid(z))

    delta2 = (2 / m) * (A2 - Y) * sigmoid_prime(Z2)
    dLdW2 = np.dot(delta2, A1.T)
    dLdB2 = np.sum(delta2, axis=1, keepdims=True)
    delta1 = np.dot(W2.T, delta2) * sigmoid_prime(Z1)
    dLdW1 = np.dot(delta1, X.T)
    dLdB1 = np.sum(delta1, axis=1, keepdims=True)
    return dLdW1, dLdB1, dLdW2, dLdB2  # FAULT: the order is wrong, the gradients of layer 2 are to be returned first
