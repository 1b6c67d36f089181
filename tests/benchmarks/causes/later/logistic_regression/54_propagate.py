def propagate(w, b, X, Y):
    m = X.shape[1]
    ### START CODE HERE ###
    # forward
    A = sigmoid(np.dot(w.T, X) + b)
    cost = np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m  # FAULT: the minus sign is missing; it should be -1/m times the sum.
    # backward
    dw = np.dot(X, (A - Y).T) / m
    db = np.sum(A - Y)  # FAULT: the factor 1/m is missing; db should be the sum divided by m.
    ### END CODE HERE ###
    grads = {"dw": dw, "db": db}
    return grads, cost
