def model(X_train, Y_train, X_test, Y_test, num_iterations=2000, learning_rate=0.5, print_cost=False):
    ### START CODE HERE ###
    # initialize parameters with zeros
    w, b = initialize_with_zeros(X_train.shape[0])

    # gradient descent
    parameters, grads, costs = optimize(w, b, X_train, Y_train, num_iterations=2000, learning_rate=0.5, print_cost=False)  # FAULT: the caller's arguments should be passed on.

    # predict test/train set examples
    Y_prediction_test = predict(w, b, X_test)  # FAULT: w and b are still the zeros; they should be taken from parameters.
    Y_prediction_train = predict(w, b, X_train)  # FAULT: w and b are still the zeros; they should be taken from parameters.
    ### END CODE HERE ###

    d = {
        "costs": costs,
        "Y_prediction_test": Y_prediction_test,
        "Y_prediction_train": Y_prediction_train,
        "w": w,  # FAULT: this is the first w; it should be parameters["w"].
        "b": b,  # FAULT: this is the first b; it should be parameters["b"].
        "learning_rate": learning_rate,
        "num_iterations": num_iterations,
    }
    return d
