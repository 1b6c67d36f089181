def nn_model(X, Y, n_h, num_iterations=10000, print_cost=False):
    n_x = layer_sizes(X, Y)[0]
    n_y = layer_sizes(X, Y)[2]

    for i in range(num_iterations):
        parameters = initialize_parameters(n_x, n_h, n_y)  # FAULT: the parameters are drawn anew in every step; this should stand once before the loop.
        A2, cache = forward_propagation(X, parameters)
        cost = compute_cost(A2, Y)
        grads = backward_propagation(parameters, cache, X, Y)
        parameters = update_parameters(parameters, grads, 0.12)  # FAULT: the learning rate is 0.12; it should be 1.2.
        if print_cost and i % 100 == 0:  # FAULT: the cost is printed at every hundredth step; it should be every thousandth.
            print("Cost after iteration", i, ":", cost)

    return parameters
