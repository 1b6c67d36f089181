def linear_backward(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    ### START CODE HERE ###
    dW = np.dot(A_prev, dZ.T) / m  # FAULT: this is the transpose of the gradient; it should be np.dot(dZ, A_prev.T) / m.
    db = np.sum(dZ, axis=0, keepdims=True) / m  # FAULT: the sum runs over the units; it should run over the examples, axis=1.
    dA_prev = np.dot(W.T, dZ)
    ### END CODE HERE ###
    return dA_prev, dW, db
