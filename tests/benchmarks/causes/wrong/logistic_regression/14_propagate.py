def propagate(w, b, X, Y):
    m = X.shape[1]
    A = sigmoid(np.dot(w.T, X))  # FAULT: the bias b is not added before the sigmoid
    cost = -1 / m * np.sum(
        Y * np.log(A)
        + (1 - Y) * np.log(A)  # FAULT: the second logarithm must be of 1 - A, not of A
    )
    dw = 1 / m * np.dot(X, (A - Y).T)
    db = 1 / m * np.sum(A - Y)
    grads = {"dw": dw, "db": db}
    return cost, grads  # FAULT: the order is wrong, the gradients are to be returned first and then the cost
