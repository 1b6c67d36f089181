def propagate(w, b, X, Y):
    m = X.shape[1]
    A = sigmoid(np.dot(w.T, X) + b)
    cost = -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m

    dZ = A - Y
    dw = np.dot(X, dZ.T) / m
    db = np.sum(dz) / m  # FAULT: the name dz does not exist (NameError), the variable is called dZ
    return {"dw": dw, "db": db}, cost
