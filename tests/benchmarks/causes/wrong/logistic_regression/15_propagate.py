def propagate(w, b, X, Y):
    m = X.shape[1]
    z = np.dot(w.T, X) + b
    yhat = sigmoid(z)
    cost = -1 / m * np.sum(Y * np.log(yhat) + (1 - Y) * np.log(1 - yhat))
    dw = 1 / m * np.dot(X, (yhat - Y).T)
    db = np.sum(yhat) - np.sum(Y) / m  # FAULT: only the second sum is divided by m, brackets round the difference are missing
    return {"dw": dw, "db": db}, cost
