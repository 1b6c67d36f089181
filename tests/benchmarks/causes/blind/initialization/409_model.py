def model(X, Y, learning_rate=0.01, num_iterations=15000, print_cost=True, initialization="he"):
    n_x = X.shape[0]
    layers_dims = [n_x, 10, 5, 1]

    if initialization == "zeros":
        parameters = initialize_parameters_zeros(layers_dims)
    elif initialization == "random":
        parameters = initialize_parameters_he(layers_dims)  # FAULT: wrong helper for "random", should be initialize_parameters_random
    else:
        parameters = initialize_parameters_he(layers_dims)

    for i in range(1, num_iterations):  # FAULT: one step too few, and no cost of step 0; should be range(num_iterations)
        a3, cache = forward_propagation(X, parameters)
        cost = compute_loss(a3, Y)
        grads = backward_propagation(X, Y, cache)
        parameters = update_parameters(parameters, grads, learning_rate)
        if print_cost and i % 1000 == 0:
            print(f"Cost after iteration {i}: {cost}")

    return parameters
