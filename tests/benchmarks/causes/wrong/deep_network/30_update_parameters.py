def update_parameters(parameters, grads, learning_rate):
    new = {}
    L = len(parameters) // 2
    for l in range(L):
        new["W" + str(l + 1)] = parameters["W" + str(l + 1)] + learning_rate * grads["dW" + str(l + 1)]  # FAULT: the step is added, so the weights move along the gradient instead of against it
        new["b" + str(l + 1)] = parameters["b" + str(l + 1)] - learning_rate * grads["dW" + str(l + 1)]  # FAULT: the biases are updated with dW instead of db
    return parameters  # FAULT: returns the old parameters instead of the new ones
