def model(X, Y, learning_rate=0.01, num_iterations=15000, print_cost=True, initialization='he'):
    grads = {}
    costs = []
    layers_dims = [X.shape[0], 10, 5, 1]
    if initialization == "zeros":
        parameters = initialize_parameters_zeros(layers_dims)
    elif initialization == "random" or "he":  # FAULT: this is always true, so "he" starts with the large random numbers; the "he" case should be tested on its own.
        parameters = initialize_parameters_random(layers_dims)
    else:
        parameters = initialize_parameters_he(layers_dims)
    for i in range(1, num_iterations):  # FAULT: one step is missing (and the cost of step 0); it should be range(num_iterations).
        a3, cache = forward_propagation(X, parameters)
        cost = compute_loss(a3, Y)
        grads = backward_propagation(X, Y, cache)
        parameters = update_parameters(parameters, grads, 0.01)  # FAULT: the step is fixed at 0.01; it should be the argument learning_rate.
        if print_cost and i % 1000 == 0:
            print("Cost after iteration {}: {}".format(i, cost))
            costs.append(cost)
    return parameters
