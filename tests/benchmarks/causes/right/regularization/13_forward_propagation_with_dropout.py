def forward_propagation_with_dropout(X, parameters, keep_prob=0.5):
    W1, W2, W3 = (parameters["W%i" % i] for i in (1, 2, 3))
    b1, b2, b3 = (parameters["b%i" % i] for i in (1, 2, 3))
    Z1 = W1.dot(X) + b1
    Z2_shape = (b2.size, X.shape[1])
    D1 = ~(np.random.rand(*Z1.shape) >= keep_prob)
    D2 = ~(np.random.rand(*Z2_shape) >= keep_prob)
    A1 = relu(Z1 * D1) / keep_prob
    Z2 = W2.dot(A1) + b2
    A2 = relu(Z2 * D2) / keep_prob
    Z3 = W3.dot(A2) + b3
    A3 = sigmoid(Z3)
    cache = (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3)
    return A3, cache
