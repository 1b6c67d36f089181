def nn_model(X, Y, n_h, num_iterations=10000, print_cost=False):
    n_x = layer_sizes(X, Y)[0]
    n_y = layer_sizes(X, Y)[2]

    for i in range(num_iterations):
        parameters = initialize_parameters(n_x, n_h, n_y)  # FAULT: the initialization stands inside the loop, every iteration starts anew
        A2, cache = forward_propagation(X, parameters)
        cost = compute_cost(A2, Y)
        grads = backward_propagation(parameters, cache, X, Y)
        parameters = update_parameters(parameters, grads, 0.01)  # FAULT: the learning rate is 0.01 instead of 1.2
        if print_cost and i % 1000 == 0:
            print(i, cost)
    return parameters
