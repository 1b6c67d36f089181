def propagate(w, b, X, Y):
    m = X.shape[1]

    A = sigmoid(w.T @ X + b)
    cost = -1 / m * np.sum(Y * np.log(A)) + np.sum((1 - Y) * np.log(1 - A))  # FAULT: the factor -1/m applies to the first sum only, the second one is neither divided by m nor negated

    dZ = A - Y
    dw = X @ dZ.T / m
    db = dZ.sum() / m
    grads = {"dw": dw, "db": db}
    return grads, cost
