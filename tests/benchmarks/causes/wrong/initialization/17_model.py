def model(X, Y, learning_rate=0.01, num_iterations=15000, print_cost=True, initialization='he'):
    dims = [X.shape[1], 10, 5, 1]  # FAULT: X.shape[1] is the number of examples, the number of features is X.shape[0]
    if initialization == "zeros":
        p = initialize_parameters_zeros(dims)
    elif initialization == "random":
        p = initialize_parameters_random(dims)
    elif initialization == "he":
        p = initialize_parameters_he(dims)
    for k in range(num_iterations):
        out, cache = forward_propagation(X, p)
        if print_cost and k % 1000 == 0:
            print(k, compute_loss(out, Y))
        p = update_parameters(p, backward_propagation(X, Y, cache), learning_rate)
    return p
