def nn_model(X, Y, n_h, num_iterations=10000, print_cost=False):
    n_x, n_h, n_y = layer_sizes(X, Y)  # FAULT: this overwrites the argument n_h with 4; only n_x and n_y should be taken.

    # Loop (gradient descent)
    for i in range(0, num_iterations):
        parameters = initialize_parameters(n_x, n_h, n_y)  # FAULT: this begins anew in every pass; it should stand before the loop.
        A2, cache = forward_propagation(X, parameters)
        cost = compute_cost(A2, Y)
        grads = backward_propagation(parameters, cache, X, Y)
        parameters = update_parameters(parameters, grads)

        # Print the cost every 1000 iterations
        if print_cost and i % 1000 == 0:
            print("Cost after iteration %i: %f" % (i, cost))

    return parameters
