def model(X, Y, learning_rate=0.01, num_iterations=15000, print_cost=True, initialization="he"):
    layers_dims = [X.shape[0], 10, 5, 1]

    # Initialize parameters dictionary.
    if initialization == "zeros":
        parameters = initialize_parameters_zeros(layers_dims)
    elif initialization == "random":
        parameters = initialize_parameters_random(layers_dims)
    elif initialization == "he":
        parameters = initialize_parameters_he(layers_dims)

    # Loop (gradient descent)
    for i in range(0, num_iterations):
        a3, cache = forward_propagation(X, parameters)
        cost = compute_loss(a3, Y)
        grads = backward_propagation(X, Y, cache)
        update_parameters(parameters, grads, learning_rate)  # FAULT: the result is thrown away, should be parameters = update_parameters(...)

        if print_cost and i % 1000 == 0:
            print("Cost after iteration {}: {}".format(i, cost))

    return parameters
