def forward_propagation_with_dropout(X, parameters, keep_prob=0.5):
    W1 = parameters["W1"]
    b1 = parameters["b1"]
    W2 = parameters["W2"]
    b2 = parameters["b2"]
    W3 = parameters["W3"]
    b3 = parameters["b3"]

    def dropout(A):
        D = np.random.rand(A.shape) < keep_prob  # FAULT: rand takes the sizes as separate arguments, not as a tuple; it should be rand(*A.shape).
        return A * D / keep_prob, D

    Z1 = np.dot(W1, X) + b1
    A1, D1 = dropout(relu(Z1))
    Z2 = np.dot(W2, A1) + b2
    A2, D2 = dropout(relu(Z2))
    Z3 = np.dot(W3, A2) + b3
    A3 = sigmoid(Z3)
    cache = (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3)
    return A3, cache
