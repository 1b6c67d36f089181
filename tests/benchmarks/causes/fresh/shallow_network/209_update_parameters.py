def update_parameters(parameters, grads, learning_rate=1.2):
    new = {}
    for key in grads:  # FAULT: the loop goes over the names of the gradients, which are not in parameters; it should go over the parameters' names.
        new[key] = parameters[key] - learning_rate * grads[key]  # FAULT: parameters has no such name and KeyError is raised; it should be grads["d" + key].
    return new
