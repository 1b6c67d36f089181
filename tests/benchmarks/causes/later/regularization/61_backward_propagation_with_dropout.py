def backward_propagation_with_dropout(X, Y, cache, keep_prob):
    m = X.shape[1]
    (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3) = cache
    g = {}
    g["dZ3"] = A3 - Y
    g["dW3"] = g["dZ3"] @ A2.T / m
    g["db3"] = np.sum(g["dZ3"], axis=1, keepdims=True) / m
    g["dA2"] = W3.T @ g["dZ3"]  # FAULT: the mask and the scaling belong to dA2, before dZ2 is computed; here they reach dZ2 only.
    g["dZ2"] = g["dA2"] * (A2 > 0) * D2 / keep_prob
    g["dW2"] = g["dZ2"] @ A1.T / m
    g["db2"] = np.sum(g["dZ2"], axis=1, keepdims=True) / m
    g["dA1"] = W2.T @ g["dZ2"]  # FAULT: the mask and the scaling belong to dA1, before dZ1 is computed; here they reach dZ1 only.
    g["dZ1"] = g["dA1"] * (A1 > 0) * D1 / keep_prob
    g["dW1"] = g["dZ1"] @ X.T / m
    g["db1"] = np.sum(g["dZ1"], axis=1, keepdims=True) / m
    return g
