def update_parameters(parameters, grads, learning_rate=1.2):
    new = {}
    for name in parameters:
        new[name] = parameters[name] - learning_rate * grads[name]  # FAULT: the keys of grads begin with d, grads["W1"] does not exist
    return new
