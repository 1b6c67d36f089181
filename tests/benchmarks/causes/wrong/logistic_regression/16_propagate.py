def propagate(w, b, X, Y):
    m = X.shape[1]
    A = sigmoid(w.T.dot(X) + b)
    cost = (-1 / m) * (np.dot(Y, np.log(A).T) + np.dot(1 - Y, np.log(1 - A).T)).item()
    # chain rule: derivative of the sigmoid
    dZ = (A - Y) * A * (1 - A)  # FAULT: A - Y already is the derivative with respect to z, the factor A(1 - A) of the sigmoid must not come in again
    dw = X.dot(dZ.T) / m
    db = dZ.mean()
    return {"dw": dw, "db": db}, cost
