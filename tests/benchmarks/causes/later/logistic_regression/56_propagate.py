def propagate(w, b, X, Y):
    ### START CODE HERE ###
    m = X.shape[1]
    A = sigmoid(np.dot(w.T, X))  # FAULT: the bias is missing; it should be sigmoid(np.dot(w.T, X) + b).
    logprobs = np.multiply(np.log(A), Y) + np.multiply(np.log(A), 1 - Y)  # FAULT: the second logarithm should be of 1 - A, not of A.
    cost = -np.sum(logprobs) / m
    dZ = Y - A  # FAULT: the difference is the wrong way round; it should be A - Y.
    dw = np.dot(X, dZ.T) / m
    db = np.sum(dZ) / m
    ### END CODE HERE ###
    grads = {"dw": dw, "db": db}
    return grads, cost
