def propagate(w, b, X, Y):
    m = X.shape[0]  # FAULT: this is the number of inputs; the number of examples is X.shape[1].
    J = 0.0
    dw = np.zeros(w.shape)
    db = 0.0
    for i in range(X.shape[1]):
        x = X[:, i].reshape(-1, 1)
        y = Y[0, i]
        a = sigmoid(np.sum(w * x) + b)
        J += -(y * np.log(a) + (1 - y) * np.log(1 - a))
        dz = a - y
        dw = x * dz  # FAULT: each example overwrites dw; the examples should be added up with dw += x * dz.
        db += dz
    J /= m
    dw /= m
    grads = {"dw": dw, "db": db}  # FAULT: db was not divided by the number of examples; db /= m is missing before this.
    return grads, J
