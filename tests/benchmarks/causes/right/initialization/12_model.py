def model(X, Y, learning_rate=0.01, num_iterations=15000, print_cost=True, initialization='he'):
    def descend(parameters):
        while True:
            a3, cache = forward_propagation(X, parameters)
            cost = compute_loss(a3, Y)
            parameters = update_parameters(parameters, backward_propagation(X, Y, cache), learning_rate)
            yield parameters, cost

    initialize = globals()["initialize_parameters_" + initialization]
    parameters = initialize([X.shape[0], 10, 5, 1])
    for i, (parameters, cost) in zip(range(num_iterations), descend(parameters)):
        if print_cost and i % 1000 == 0:
            print("Cost after iteration", i, "is", cost)
    return parameters
