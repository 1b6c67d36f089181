def update_parameters(parameters, grads, learning_rate=1.2):
    W1 = parameters["W1"] - 1.2 * grads["dW1"]  # FAULT: the rate is hard-coded as 1.2, the argument learning_rate is ignored
    b1 = parameters["b1"] - 1.2 * grads["db1"]  # FAULT: the rate is hard-coded as 1.2, the argument learning_rate is ignored
    W2 = parameters["W2"] - 1.2 * grads["dW2"]  # FAULT: the rate is hard-coded as 1.2, the argument learning_rate is ignored
    b2 = parameters["b2"] - 1.2 * grads["db2"]  # FAULT: the rate is hard-coded as 1.2, the argument learning_rate is ignored
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
