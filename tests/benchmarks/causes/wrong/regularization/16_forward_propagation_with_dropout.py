def forward_propagation_with_dropout(X, parameters, keep_prob=0.5):
    W1, W2, W3 = parameters["W1"], parameters["W2"], parameters["W3"]
    b1, b2, b3 = parameters["b1"], parameters["b2"], parameters["b3"]

    def drop(A):
        D = np.random.randn(A.shape[0], A.shape[1]) < keep_prob  # FAULT: randn draws normal numbers, the mask needs the uniform ones of rand
        return A * D / keep_prob, D

    Z1 = np.dot(W1, X) + b1
    A1, D1 = drop(relu(Z1))
    Z2 = np.dot(W2, A1) + b2
    A2, D2 = drop(relu(Z2))
    Z3 = np.dot(W3, A2) + b3
    A3 = sigmoid(Z3)
    return A3, (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3)
