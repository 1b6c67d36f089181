def forward_propagation_with_dropout(X, parameters, keep_prob=0.5):
    W1, b1, W2, b2, W3, b3 = (parameters[name] for name in ["W1", "b1", "W2", "b2", "W3", "b3"])
    m = X.shape[1]

    # masks
    D2 = np.random.rand(W2.shape[0], m) < keep_prob  # FAULT: D2 is drawn before D1, so both get other numbers of the stream
    D1 = np.random.rand(W1.shape[0], m) < keep_prob

    Z1 = W1.dot(X) + b1
    A1 = relu(Z1) * D1 / keep_prob
    Z2 = W2.dot(A1) + b2
    A2 = relu(Z2) * D2 / keep_prob
    Z3 = W3.dot(A2) + b3
    A3 = sigmoid(Z3)

    cache = (Z1, A1, D1, W1, b1, Z2, A2, D2, W2, b2, Z3, A3, W3, b3)  # FAULT: D belongs before A in the cache
    return A3, cache
