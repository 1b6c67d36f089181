def nn_model(X, Y, n_h, num_iterations=10000, print_cost=False):
    sizes = layer_sizes(X, Y)
    parameters = initialize_parameters(sizes[0], n_h, sizes[2])
    for it in range(num_iterations):
        A2, cache = forward_propagation(X, parameters)
        cost = compute_cost(A2, Y)
        grads = backward_propagation(parameters, cache, Y, X)  # FAULT: X and Y are passed in the wrong order
        parameters = update_parameters(parameters, grads, learning_rate=1.2)
        if print_cost and it % 1000 == 0:
            print(f"cost after iteration {it}: {cost}")
    return parameters
