def update_parameters(parameters, grads, learning_rate):
    parameters = parameters.copy()
    L = len(parameters) // 2 # number of layers in the neural network

    ### START CODE HERE ### (≈ 3 lines of code)
    for l in range(L - 1):  # FAULT: the last layer is left out, should be range(L)
        parameters["W" + str(l+1)] = parameters["W" + str(l+1)] - learning_rate * grads["dW" + str(l+1)]
        parameters["b" + str(l+1)] = parameters["b" + str(l+1)] - learning_rate * grads["dW" + str(l+1)]  # FAULT: moves b by dW, should be grads["db" + str(l+1)]
    ### END CODE HERE ###
    return parameters
