def propagate(w, b, X, Y):
    m = X.shape[1]
    A = sigmoid(np.dot(w.T, X) + b)
    losses = Y * np.log2(A) + (1 - Y) * np.log2(1 - A)  # FAULT: the cost needs the natural logarithm np.log, not the one to base 2
    cost = -losses.sum() / m

    dw = np.dot(X, (Y - A).T) / m  # FAULT: the difference is the wrong way round, Y - A instead of A - Y, so dw has the wrong sign
    db = np.sum(A - Y) / m
    return {"dw": dw, "db": db}, cost
