def linear_backward(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]

    ### START CODE HERE ### (≈ 3 lines of code)
    dW = 1/m * np.dot(dZ, A_prev.T)
    db = 1/m * np.sum(dZ, axis=1)  # FAULT: keepdims=True is missing, db is no column
    dA_prev = 1/m * np.dot(W.T, dZ)  # FAULT: dA_prev must not be divided by m, should be np.dot(W.T, dZ)
    ### END CODE HERE ###

    return dA_prev, dW, db
