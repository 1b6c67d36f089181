def forward_propagation_n(X, Y, parameters):
    m = Y.shape[1]
    W1, b1, W2, b2, W3, b3 = [parameters[n] for n in ("W1", "b1", "W2", "b2", "W3", "b3")]
    Z1 = W1 @ X
    A1 = relu(Z1) + b1  # FAULT: the bias is added after the relu; it belongs to Z1.
    Z2 = W2 @ A1 + b2
    A2 = relu(Z2)
    Z3 = W3 @ A2 + b3
    A3 = sigmoid(Z3)
    cost = -1 / m * (Y * np.log(A3) + (1 - Y) * np.log(1 - A3))  # FAULT: the sum over the examples is missing, so this is an array; it should be np.sum of it.
    return cost, (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3)
