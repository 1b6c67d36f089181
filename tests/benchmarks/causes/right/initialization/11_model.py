def model(X, Y, learning_rate=0.01, num_iterations=15000, print_cost=True, initialization='he'):
    from functools import reduce

    def step(parameters, i):
        a3, cache = forward_propagation(X, parameters)
        if print_cost and i % 1000 == 0:
            print(i, compute_loss(a3, Y))
        grads = backward_propagation(X, Y, cache)
        return {
            name: value - learning_rate * grads["d" + name]
            for name, value in parameters.items()
        }

    layers_dims = (X.shape[0], 10, 5, 1)
    if initialization == "zeros":
        first = initialize_parameters_zeros(layers_dims)
    elif initialization == "random":
        first = initialize_parameters_random(layers_dims)
    else:
        first = initialize_parameters_he(layers_dims)
    return reduce(step, range(num_iterations), first)
