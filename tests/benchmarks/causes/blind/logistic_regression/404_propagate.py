def propagate(w, b, X, Y):
    m = X.shape[1]

    Z = w.T @ X + b
    A = sigmoid(Z)
    loss = Y * np.log(A) + (1 - Y) * np.log(A)  # FAULT: the second logarithm should be np.log(1 - A)
    cost = -np.sum(loss) / m

    dZ = A - Y
    dw = X @ dZ.T / m
    db = np.sum(dZ) / m

    return {"dw": dw, "db": db}, cost
