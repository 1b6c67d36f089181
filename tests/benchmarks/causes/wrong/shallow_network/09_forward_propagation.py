def forward_propagation(X, parameters):
    Z1 = parameters["W1"].dot(X) + parameters["b1"]
    A1 = np.tanh(Z1)
    Z2 = parameters["W2"].dot(A1) + parameters["b1"]  # FAULT: adds the bias b1 of the first layer instead of b2
    A2 = sigmoid(Z2)
    cache = {"Z1": Z1,
             "A1": A1,
             "Z2": Z2}  # FAULT: A2 is missing from the cache
    return cache, A2  # FAULT: the two results are returned in the wrong order
