def propagate(w, b, X, Y):
    m = X.shape[1]
    A = sigmoid(np.dot(w.T, X) + b)
    cost = np.sum((A - Y) ** 2) / m  # FAULT: this is the mean squared error instead of the cross-entropy
    dw = np.dot(X, (A - Y).T)  # FAULT: the division by m is missing in dw
    db = np.sum(A - Y) / m
    return {"dw": dw, "dB": db}, cost  # FAULT: the key must be "db", not "dB"
