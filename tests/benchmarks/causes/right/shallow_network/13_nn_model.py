def nn_model(X, Y, n_h, num_iterations=10000, print_cost=False):
    from functools import reduce

    def one_step(params, i):
        A2, cache = forward_propagation(X, params)
        cost = compute_cost(A2, Y)
        if print_cost and i % 1000 == 0:
            print("Cost after iteration %i: %f" % (i, cost))
        return update_parameters(params, backward_propagation(params, cache, X, Y), 1.2)

    sizes = layer_sizes(X, Y)
    return reduce(one_step, range(num_iterations), initialize_parameters(sizes[0], n_h, sizes[-1]))
