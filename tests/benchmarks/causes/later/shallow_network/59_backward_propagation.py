def backward_propagation(parameters, cache, X, Y):
    m = Y.shape[1]
    grads = {}
    delta2 = Y - cache["A2"]  # FAULT: the difference is the wrong way round; it should be A2 - Y.
    grads["dW2"] = delta2 @ cache["A1"].T / m
    grads["db2"] = np.sum(delta2, axis=1) / m  # FAULT: keepdims=True is missing; db2 should be a column (n_y, 1).
    slope = 1 - np.power(cache["Z1"], 2)  # FAULT: the derivative of tanh squares A1, not Z1.
    delta1 = parameters["W2"].T @ delta2 * slope
    grads["dW1"] = delta1 @ X.T / m
    grads["db1"] = np.sum(delta1, axis=1, keepdims=True) / m
    return grads
