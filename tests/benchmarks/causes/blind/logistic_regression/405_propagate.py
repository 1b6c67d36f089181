def propagate(w, b, X, Y):
    m = X.shape[1]
    A = sigmoid(np.dot(w.T, X) + b)
    cost = np.sum(-(Y * np.log(A) + (1 - Y) * np.log(1 - A))) / m

    ### START CODE HERE ### (≈ 2 lines of code)
    dw = np.dot(X, (Y - A).T) / m  # FAULT: wrong sign, should be A - Y
    db = np.sum(A - Y)  # FAULT: not divided by m
    ### END CODE HERE ###

    grads = {"dw": dw,
             "db": db}
    return grads, cost
