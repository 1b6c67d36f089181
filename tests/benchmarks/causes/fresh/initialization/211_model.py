def model(X, Y, learning_rate=0.01, num_iterations=15000, print_cost=True, initialization="he"):
    m = X.shape[1]
    layers_dims = [m, 10, 5, 1]  # FAULT: the first size is the number of examples; it should be the number of features, X.shape[0].
    start = {"zeros": initialize_parameters_zeros, "random": initialize_parameters_random, "he": initialize_parameters_he}
    parameters = start[initialization](layers_dims)

    for i in range(num_iterations):
        a3, cache = forward_propagation(X, parameters)
        loss = compute_loss(a3, Y)
        grads = backward_propagation(X, Y, cache)
        parameters = update_parameters(grads, parameters, learning_rate)  # FAULT: parameters and gradients are swapped; it should be (parameters, grads, learning_rate).
        if print_cost and i % 1000 == 0:
            print(i, loss)
    return parameters
