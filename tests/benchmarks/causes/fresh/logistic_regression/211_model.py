def model(X_train, Y_train, X_test, Y_test, num_iterations=2000, learning_rate=0.5, print_cost=False):
    w, b = initialize_with_zeros(X_train.shape[0])

    params, grads, costs = optimize(w, b, X_train, Y_train, num_iterations, learning_rate, print_cost)

    Y_prediction_test = predict(w, b, X_test)  # FAULT: w and b are still the zeros of the beginning; they should be params["w"] and params["b"].
    Y_prediction_train = predict(w, b, X_train)  # FAULT: w and b are still the zeros of the beginning; they should be params["w"] and params["b"].

    d = {"costs": costs,
         "Y_prediction_test": Y_prediction_test,
         "Y_prediction_train": Y_prediction_train,
         "w": w,  # FAULT: this is the zeros of the beginning; it should be params["w"].
         "b": b,  # FAULT: this is the zero of the beginning; it should be params["b"].
         "learning_rate": learning_rate,
         "num_iterations": num_iterations}
    return d
