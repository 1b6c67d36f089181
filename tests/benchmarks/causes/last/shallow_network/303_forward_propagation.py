def forward_propagation(X, parameters):
    W1 = parameters["W1"]
    b1 = parameters["b1"]
    W2 = parameters["W2"]
    b2 = parameters["b2"]

    ### START CODE HERE ### (≈ 4 lines of code)
    Z1 = np.dot(W1, X) + b1
    A1 = np.tanh(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = np.tanh(Z2)  # FAULT: the output unit should have the sigmoid.
    ### END CODE HERE ###

    cache = {"Z1": Z1,
             "A1": Z1,  # FAULT: the value should be A1.
             "Z2": Z2,
             "A2": A2}

    return A2, cache
