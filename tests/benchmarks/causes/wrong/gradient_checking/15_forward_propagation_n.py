def forward_propagation_n(X, Y, parameters):
    m = X.shape[1]
    A = X
    cache = []
    for l in range(1, 4):
        W = parameters["W" + str(l)]
        b = parameters["b" + str(l)]
        Z = np.dot(W, A) + b
        A = relu(Z)  # FAULT: relu is used in the last layer too, which should have sigmoid
        cache += [Z, A, W, b]
    with np.errstate(all="ignore"):
        cost = -1 / m * np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    return cost, tuple(cache)
