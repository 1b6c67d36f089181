def nn_model(X, Y, n_h, num_iterations=10000, print_cost=False):
    n_in, *_, n_out = layer_sizes(X, Y)
    theta = initialize_parameters(n_in, n_h, n_out)
    done = 0
    while done < num_iterations:
        prob, memory = forward_propagation(X, theta)
        if print_cost and not done % 1000:
            print("Cost after iteration {}: {:.6f}".format(done, compute_cost(prob, Y)))
        theta = update_parameters(theta, backward_propagation(theta, memory, X, Y), learning_rate=1.2)
        done += 1
    return theta
