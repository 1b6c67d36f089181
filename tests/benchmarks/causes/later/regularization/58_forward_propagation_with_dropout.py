def forward_propagation_with_dropout(X, parameters, keep_prob=0.5):
    W1, b1, W2, b2, W3, b3 = (parameters[k] for k in ["W1", "b1", "W2", "b2", "W3", "b3"])
    Z1 = W1 @ X + b1
    A1 = relu(Z1)
    D1 = np.random.randn(*A1.shape) < keep_prob  # FAULT: randn draws normal numbers; the mask needs uniform ones, np.random.rand.
    A1 = A1 * D1 / keep_prob
    Z2 = W2 @ A1 + b2
    A2 = relu(Z2)
    D2 = np.random.rand(*A2.shape) < keep_prob
    A2 = A2 * D2 * keep_prob  # FAULT: this multiplies by keep_prob; it should divide by it.
    Z3 = W3 @ A2 + b3
    A3 = sigmoid(Z3)
    return A3, (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3)  # FAULT: the masks D1 and D2 are missing from the cache.
