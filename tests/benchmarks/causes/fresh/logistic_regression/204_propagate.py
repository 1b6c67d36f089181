def propagate(w, b, X, Y):
    m = X.shape[1]

    # FORWARD PROPAGATION (FROM X TO COST)
    A = sigmoid(np.dot(w.T, X)) + b  # FAULT: the bias is added outside the sigmoid; it should be sigmoid(np.dot(w.T, X) + b).
    cost = -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m

    # BACKWARD PROPAGATION (TO FIND GRAD)
    dw = np.dot(X, (A - Y).T) / m
    db = np.sum(A - Y) / m

    return {"dw": dw, "db": db}, cost
