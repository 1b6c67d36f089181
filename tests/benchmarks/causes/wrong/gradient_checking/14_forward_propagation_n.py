def forward_propagation_n(X, Y, parameters):
    """Return the cost of LINEAR -> RELU -> LINEAR -> RELU -> LINEAR -> SIGMOID, and the cache."""
    W1, b1, W2, b2, W3, b3 = [parameters[k] for k in ["W1", "b1", "W2", "b2", "W3", "b3"]]
    m = Y.shape[1]

    Z1 = np.dot(X, W1) + b1  # FAULT: the order is wrong, it is W1 times X
    A1 = relu(Z1)
    Z2 = np.dot(A1, W2) + b2  # FAULT: the order is wrong, it is W2 times A1
    A2 = relu(Z2)
    Z3 = np.dot(A2, W3) + b3  # FAULT: the order is wrong, it is W3 times A2
    A3 = sigmoid(Z3)

    cost = -np.sum(Y * np.log(A3) + (1 - Y) * np.log(1 - A3)) / m
    cache = (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3)
    return cost, cache
