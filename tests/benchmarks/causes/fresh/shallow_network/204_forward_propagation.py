def forward_propagation(X, parameters):
    """
    Returns:
    A2 -- The sigmoid output of the second activation
    cache -- a dictionary containing "Z1", "A1", "Z2" and "A2"
    """
    ### START CODE HERE ### (≈ 4 lines of code)
    W1 = parameters["W1"]
    b1 = parameters["b1"]
    W2 = parameters["W2"]
    b2 = parameters["b1"]  # FAULT: the bias of the first layer is taken a second time; it should be parameters["b2"].
    ### END CODE HERE ###

    ### START CODE HERE ### (≈ 4 lines of code)
    Z1 = np.dot(W1, X) + b1
    A1 = np.tanh(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = np.tanh(Z2)  # FAULT: the output layer uses tanh; it should be sigmoid(Z2).
    ### END CODE HERE ###

    cache = {"Z1": A1,  # FAULT: Z1 and A1 are swapped in the cache; this should be Z1.
             "A1": Z1,  # FAULT: Z1 and A1 are swapped in the cache; this should be A1.
             "Z2": Z2,
             "A2": A2}

    return A2, cache
