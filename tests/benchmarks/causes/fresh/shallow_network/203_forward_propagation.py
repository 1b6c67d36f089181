def forward_propagation(X, parameters):
    W1 = parameters["W1"]
    b1 = parameters["b1"]
    W2 = parameters["W2"]
    b2 = parameters["b2"]

    Z1 = W1 @ X + b1
    # tanh by its definition
    A1 = (np.exp(Z1) - np.exp(-Z1)) / np.exp(Z1) + np.exp(-Z1)  # FAULT: the denominator lacks parentheses; it should be (np.exp(Z1) + np.exp(-Z1)).
    Z2 = W2 @ A1 + b2
    A2 = sigmoid(Z2)

    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}
