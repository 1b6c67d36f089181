def forward_propagation_n(X, Y, parameters):
    # retrieve parameters
    m = X.shape[0]  # FAULT: the examples are the columns, so it should be X.shape[1].
    W1 = parameters["W1"]
    b1 = parameters["b1"]
    W2 = parameters["W2"]
    b2 = parameters["b2"]
    W3 = parameters["W3"]
    b3 = parameters["b3"]

    # LINEAR -> RELU -> LINEAR -> RELU -> LINEAR -> SIGMOID
    Z1 = np.dot(W1, X) + b1
    A1 = relu(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = relu(Z2)
    Z3 = np.dot(W3, A2) + b3
    A3 = sigmoid(Z3)

    # Cost
    logprobs = np.multiply(-np.log(A3), Y) + np.multiply(np.log(1 - A3), 1 - Y)  # FAULT: the second term lacks its minus sign, which the first one has.
    cost = 1.0 / m * np.sum(logprobs)

    cache = (Z1, A1, W1, b1, Z2, A2, W2, b2, A3, Z3, W3, b3)  # FAULT: Z3 should come before A3, as in the other layers.

    return cost, cache
