def propagate(w, b, X, Y):
    # bias as one more weight
    m = np.shape(X)[-1]
    X1 = np.vstack([X, np.ones((1, m))])
    theta = np.append(w.ravel(), b)
    a = sigmoid(theta @ X1)
    y = Y.ravel()
    g = X1 @ (a - y) / m
    cost = -(y @ np.log(a) + (1 - y) @ np.log1p(-a)) / m
    return {"dw": g[:-1].reshape(-1, 1), "db": g[-1]}, cost
