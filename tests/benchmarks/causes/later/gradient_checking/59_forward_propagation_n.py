def forward_propagation_n(X, Y, parameters):
    """Return the cost of LINEAR -> RELU -> LINEAR -> RELU -> LINEAR -> SIGMOID, and the cache."""
    m = X.shape[1]
    cache = ()
    A = X
    for l, g in ((1, relu), (2, relu), (3, sigmoid)):
        W, b = parameters["W%d" % l], parameters["b%d" % l]
        Z = np.dot(W, A) + b
        A = g(Z)
        cache += (Z, A, W, b)
    cost = -np.sum(A * np.log(Y) + (1 - A) * np.log(1 - Y)) / m  # FAULT: labels and predictions are swapped; it should be Y log A + (1 - Y) log(1 - A).
    return cost, cache
