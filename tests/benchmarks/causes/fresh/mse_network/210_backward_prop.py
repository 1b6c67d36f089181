def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    # derivatives of the activations
    s1 = A1 * (1 - A1)
    s2 = A2 * (1 - A2)

    d2 = (A2 - Y) * s2  # FAULT: the factor 2 / m of the cost is missing; it should stand before A2 - Y.
    d1 = np.dot(W2.T, d2) * s1

    dW2 = np.dot(d2, A1.T)
    dB2 = np.sum(d2, axis=1, keepdims=True)
    dW1 = np.dot(X, d1.T)  # FAULT: the product is the wrong way round and gives the transpose; it should be np.dot(d1, X.T).
    dB1 = np.sum(d1, axis=1, keepdims=True)
    return dW1, dB1, dW2, dB2  # FAULT: the gradients of the first layer come first; the order should be W2, B2, W1, B1.
