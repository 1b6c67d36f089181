def backward_propagation(parameters, cache, X, Y):
    num = X.shape[1]
    a1 = cache["A1"]
    a2 = cache["A2"]
    err = Y - a2  # FAULT: the sign is reversed, dZ2 is A2 - Y
    gw2 = err.dot(a1.T) / num
    gb2 = np.sum(err) / num  # FAULT: the sum runs over everything and gives a number instead of a column (n_y, 1)
    back = parameters["W2"].T.dot(err) * (a1 * (1 - a1))  # FAULT: a(1 - a) is the derivative of the sigmoid, that of tanh is 1 - a²
    gw1 = back.dot(X.T) / num
    gb1 = np.sum(back, axis=1, keepdims=True) / num
    return {"dW1": gw1, "db1": gb1, "dW2": gw2, "db2": gb2}
