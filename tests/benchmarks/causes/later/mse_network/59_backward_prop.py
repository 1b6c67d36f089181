def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = Y.shape[1]
    ### START CODE HERE ###
    delta2 = 2 / m * (A2 - Y)  # FAULT: the derivative of the sigmoid is missing; it should be multiplied by A2 * (1 - A2).
    dLdW2 = np.dot(delta2, A1.T)
    dLdB2 = np.sum(delta2, axis=0, keepdims=True)  # FAULT: the sum runs over the outputs; it should run over the examples, axis=1.
    delta1 = np.dot(W2.T, delta2) * sigmoid(Z1) * (1 - Z1)  # FAULT: the last factor takes Z1 itself; it should be (1 - sigmoid(Z1)).
    dLdW1 = np.dot(delta1, X.T)
    dLdB1 = np.sum(delta1, axis=1, keepdims=True)
    ### END CODE HERE ###
    return dLdW2, dLdB2, dLdW1, dLdB1
