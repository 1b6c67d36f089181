def propagate(w, b, X, Y):
    m = Y.shape[1]
    A = sigmoid(np.dot(w.T, X) + b)
    diff = A - Y
    cost = -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    dw = np.sum(X * diff, axis=1) / m  # FAULT: the sum over axis 1 without keepdims gives dw the shape (n,) instead of (n, 1)
    db = np.sum(diff) / m
    return {"dw": dw, "db": db}, cost
