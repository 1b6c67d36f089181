def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = X.shape[1]

    ### START CODE HERE ###
    sig1 = sigmoid(Z1) * (1 - sigmoid(Z1))
    sig2 = sigmoid(Z2) * (1 - sigmoid(Z2))

    delta2 = 1/m * (A2 - Y) * sig2  # FAULT: factor 1/m, should be 2/m
    dLdW2 = np.dot(A1, delta2.T)  # FAULT: product in the wrong order, should be np.dot(delta2, A1.T)
    dLdB2 = np.sum(delta2, axis=1, keepdims=True)

    delta1 = np.dot(W2.T, delta2) * sig1
    dLdW1 = np.dot(delta1, X.T)
    dLdB1 = np.sum(delta1, axis=1, keepdims=True)
    ### END CODE HERE ###

    return dLdW2, dLdB2, dLdW1, dLdB1
