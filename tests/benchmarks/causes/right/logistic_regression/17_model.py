def model(X_train, Y_train, X_test, Y_test, num_iterations=2000, learning_rate=0.5, print_cost=False):
    settings = dict(num_iterations=num_iterations, learning_rate=learning_rate)
    params, _, costs = optimize(*initialize_with_zeros(len(X_train)), X_train, Y_train, print_cost=print_cost, **settings)
    guesses = {
        "Y_prediction_" + name: predict(params["w"], params["b"], data)
        for name, data in (("train", X_train), ("test", X_test))
    }
    return {**settings, **params, **guesses, "costs": costs}
