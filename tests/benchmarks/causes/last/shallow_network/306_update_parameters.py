def update_parameters(parameters, grads, learning_rate=1.2):
    W1 = parameters["W1"]
    b1 = parameters["b1"]
    W2 = parameters["W2"]
    b2 = parameters["b2"]

    W1 = W1 - learning_rate * grads["dW1"]
    b1 = b1 - learning_rate * grads["db1"]
    W2 = W2 + learning_rate * grads["dW2"]  # FAULT: the step should go against the gradient, with a minus.
    b2 = b2 - learning_rate - grads["db2"]  # FAULT: the learning rate should be multiplied by the gradient, not subtracted by itself.

    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
