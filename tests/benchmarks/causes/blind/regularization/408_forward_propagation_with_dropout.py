def forward_propagation_with_dropout(X, parameters, keep_prob=0.5):
    W1, W2, W3 = (parameters[f"W{l}"] for l in (1, 2, 3))
    b1, b2, b3 = (parameters[f"b{l}"] for l in (1, 2, 3))

    Z1 = W1 @ X + b1
    A1 = relu(Z1)
    D1 = np.random.rand(A1.shape[0], A1.shape[1]) < keep_prob
    A1 = A1 * D1
    A1 = A1 * keep_prob  # FAULT: multiplied, should be divided by keep_prob

    Z2 = W2 @ A1 + b2
    A2 = relu(Z2)
    D2 = np.random.rand(A2.shape[0], A2.shape[1]) < keep_prob
    A2 = A2 * D2
    A2 = A2 * keep_prob  # FAULT: multiplied, should be divided by keep_prob

    Z3 = W3 @ A2 + b3
    A3 = sigmoid(Z3)

    cache = (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3)
    return A3, cache
