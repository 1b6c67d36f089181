def backward_propagation_with_regularization(X, Y, cache, lambd):
    m = X.shape[1]
    Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3 = cache
    g = {}
    g["dZ3"] = A3 - Y
    g["dW3"] = g["dZ3"] @ A2.T / m + lambd * W3 / m
    g["db3"] = g["dZ3"].sum(axis=1, keepdims=True) / m
    g["dA2"] = W3.T @ g["dZ3"]
    g["dZ2"] = g["dA2"] * (Z2 > 0)
    g["dW2"] = g["dZ2"] @ A1.T / m + lambd * W2 / m
    g["db2"] = g["dZ2"].sum(axis=1, keepdims=True) / m
    g["dA1"] = W2.T @ g["dZ2"]
    g["dZ1"] = g["dA1"] * (Z1 > 0)
    g["dW1"] = g["dZ1"] @ X.T / m  # FAULT: the weight decay term lambd / m * W1 is missing in the first layer
    g["db1"] = g["dZ1"].sum(axis=1, keepdims=True) / m
    return g
