def forward_propagation_n(X, Y, parameters):
    m = X.shape[0]  # FAULT: that is the number of features; the number of examples is X.shape[1]
    W1, b1, W2, b2, W3, b3 = [parameters[k] for k in ("W1", "b1", "W2", "b2", "W3", "b3")]

    Z1 = W1 @ X + b1
    A1 = relu(Z1)
    Z2 = W2 @ A1 + b2
    A2 = relu(Z2)
    Z3 = W3 @ A2 + b3
    A3 = sigmoid(Z3)

    cost = -(1 / m) * np.sum(Y * np.log(A3) + (1 - Y) * np.log(1 - A3))
    cache = (Z1, W1, b1, A1, Z2, W2, b2, A2, Z3, W3, b3, A3)  # FAULT: wrong order, each A should come right after its Z: (Z1, A1, W1, b1, ...)
    return cost, cache
