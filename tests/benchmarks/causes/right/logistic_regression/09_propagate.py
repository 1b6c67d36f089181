def propagate(w, b, X, Y):
    m = Y.size
    probs = sigmoid((X.T @ w + b).T)
    cost = float(np.average(-np.where(Y == 1, np.log(probs), np.log(1 - probs))))
    residual = Y - probs
    grads = {}
    grads["db"] = -residual.sum() / m
    grads["dw"] = -(residual @ X.T).T / m
    return grads, cost
