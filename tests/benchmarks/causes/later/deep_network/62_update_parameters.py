def update_parameters(parameters, grads, learning_rate):
    params = parameters.copy()
    L = len(parameters) // 2
    for l in range(1, L):  # FAULT: the last layer is left out; it should be range(1, L + 1).
        params["W" + str(l)] = params["W" + str(l)] - learning_rate * grads["dW" + str(l)]
        params["b" + str(l)] = params["b" + str(l)] - learning_rate * grads["db" + str(l)]
    return params
