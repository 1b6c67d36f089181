def model(X_train, Y_train, X_test, Y_test, num_iterations=2000, learning_rate=0.5, print_cost=False):
    ### START CODE HERE ###
    w, b = initialize_with_zeros(X_train.shape[0])
    parameters, grads, costs = optimize(
        w, b, X_train, Y_train,
        learning_rate=learning_rate, print_cost=print_cost)  # FAULT: num_iterations is not passed on, so optimize takes its default of 100 steps.
    w = parameters["w"]
    b = parameters["b"]
    Y_prediction_train = predict(w, b, X_train)
    Y_prediction_test = predict(w, b, X_test)
    ### END CODE HERE ###
    d = {"costs": costs,
         "Y_prediction_test": Y_prediction_train,  # FAULT: the predictions are swapped; here should stand Y_prediction_test.
         "Y_prediction_train": Y_prediction_test,  # FAULT: the predictions are swapped; here should stand Y_prediction_train.
         "w": w,
         "b": b,
         "learning_rate": learning_rate,
         "num_iterations": num_iterations}
    return d
