def update_parameters(parameters, grads, learning_rate=1.2):
    W1, b1 = parameters["W1"], parameters["b1"]
    W2, b2 = parameters["W2"], parameters["b2"]

    W1 = W1 - learning_rate * grads["dW1"]
    b1 = b1 - learning_rate * grads["db1"]
    W2 = W2 + learning_rate * grads["dW2"]  # FAULT: the step goes along the gradient, plus instead of minus
    b2 =- learning_rate * grads["db2"]  # FAULT: =- assigns the negative step instead of subtracting it from b2

    parameters = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    return parameters
