def model(X, Y, learning_rate=0.01, num_iterations=15000, print_cost=True, initialization='he'):
    layers_dims = [X.shape[0], 5, 10, 1]  # FAULT: the hidden sizes are exchanged, 10 comes before 5
    init = {"zeros": initialize_parameters_zeros,
            "random": initialize_parameters_random,
            "he": initialize_parameters_he}
    parameters = init["he"](layers_dims)  # FAULT: always takes He's start, the argument initialization is ignored
    for i in range(num_iterations + 1):  # FAULT: one iteration too many
        a3, cache = forward_propagation(X, parameters)
        cost = compute_loss(a3, Y)
        grads = backward_propagation(X, Y, cache)
        parameters = update_parameters(parameters, grads, learning_rate)
        if print_cost and i % 1000 == 0:
            print(f"Cost after iteration {i}: {cost}")
    return parameters
