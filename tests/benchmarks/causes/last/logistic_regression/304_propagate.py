def propagate(w, b, X, Y):
    m = len(X)  # FAULT: this is the number of features; the number of examples is X.shape[1].
    A = sigmoid(w.T @ X + b)
    cost = -(Y * np.log(A) + (1 - Y) * np.log(1 - A)).sum() / m
    dZ = Y - A  # FAULT: the difference should be A - Y.
    return {"dw": X @ dZ.T / m, "db": dZ.sum() / m}, cost
