def model(X, Y, learning_rate=0.01, num_iterations=15000, print_cost=True, initialization="he"):
    sizes = [X.shape[0], 5, 10, 1]  # FAULT: the hidden layers should have 10 and then 5 units.

    starts = {
        "zeros": initialize_parameters_zeros,
        "random": initialize_parameters_random,
        "he": initialize_parameters_he,
    }
    theta = starts[initialization](sizes)

    for step in range(1, num_iterations):  # FAULT: this is one step too few and skips step 0; it should be range(num_iterations).
        out, cache = forward_propagation(X, theta)
        if print_cost and step % 1000 == 0:
            print(f"cost after {step}: {compute_loss(out, Y)}")
        theta = update_parameters(theta, backward_propagation(X, Y, cache), 0.01)  # FAULT: the argument learning_rate should be used instead of 0.01.

    return theta
