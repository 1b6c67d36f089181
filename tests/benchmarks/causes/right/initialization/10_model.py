def model(X, Y, learning_rate=0.01, num_iterations=15000, print_cost=True, initialization='he'):
    start = {
        "zeros": initialize_parameters_zeros,
        "random": initialize_parameters_random,
        "he": initialize_parameters_he,
    }[initialization]
    theta = start([len(X), 10, 5, 1])
    i = 0
    while i < num_iterations:
        output, memory = forward_propagation(X, theta)
        if print_cost and not i % 1000:
            print("Cost after iteration {}: {}".format(i, compute_loss(output, Y)))
        theta = update_parameters(theta, backward_propagation(X, Y, memory), learning_rate)
        i += 1
    return theta
