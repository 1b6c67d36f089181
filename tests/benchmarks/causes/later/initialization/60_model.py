def model(X, Y, learning_rate=0.01, num_iterations=15000, print_cost=True, initialization='he'):
    layers_dims = [X.shape[1], 10, 5, 1]  # FAULT: the number of features is X.shape[0]; X.shape[1] is the number of examples.
    init = {
        "zeros": initialize_parameters_zeros,
        "random": initialize_parameters_random,
        "he": initialize_parameters_he,
    }
    parameters = init[initialization](layers_dims)
    for i in range(num_iterations):
        a3, cache = forward_propagation(X, parameters)
        grads = backward_propagation(X, Y, cache)
        parameters = update_parameters(parameters, grads, learning_rate)
        if print_cost and i % 1000 == 0:
            print("cost", i, compute_loss(a3, Y))
    return parameters
