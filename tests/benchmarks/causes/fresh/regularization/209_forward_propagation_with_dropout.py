def forward_propagation_with_dropout(X, parameters, keep_prob=0.5):
    """
    Implements the forward propagation: LINEAR -> RELU + DROPOUT -> LINEAR -> RELU + DROPOUT -> LINEAR -> SIGMOID.
    """
    # retrieve parameters
    W1 = parameters["W1"]
    b1 = parameters["b1"]
    W2 = parameters["W2"]
    b2 = parameters["b2"]
    W3 = parameters["W3"]
    b3 = parameters["b3"]

    # first layer
    Z1 = np.dot(W1, X) + b1
    A1 = relu(Z1)
    D1 = np.random.rand(A1.shape[0], A1.shape[1])
    D1 = (D1 < keep_prob).astype(int)
    A1 = np.multiply(A1, D1)
    A1 = A1 / (1 - keep_prob)  # FAULT: this divides by the probability of being dropped; it should be keep_prob.

    # second layer
    Z2 = np.dot(W2, A1) + b2
    A2 = relu(Z2)

    # output
    Z3 = np.dot(W3, A2) + b3  # FAULT: A2 goes into the output before its dropout; this should stand after A2 is masked and scaled.
    A3 = sigmoid(Z3)

    D2 = np.random.rand(A2.shape[0], A2.shape[1])
    D2 = (D2 < keep_prob).astype(int)
    A2 = np.multiply(A2, D2)
    A2 = A2 / keep_prob

    cache = (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3)  # FAULT: the masks D1 and D2 are not put into the cache; they should be.

    return A3, cache
