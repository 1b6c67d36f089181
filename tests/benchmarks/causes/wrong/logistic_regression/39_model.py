def model(X_train, Y_train, X_test, Y_test, num_iterations=2000, learning_rate=0.5, print_cost=False):
    w, b = initialize_with_zeros(train_set_x.shape[0])  # FAULT: the notebook's global train_set_x is used instead of the argument X_train
    params, grads, costs = optimize(w, b, train_set_x, train_set_y, num_iterations, learning_rate, print_cost)  # FAULT: the training runs on the notebook's globals train_set_x and train_set_y instead of the arguments X_train and Y_train
    w = params["w"]
    b = params["b"]
    Y_prediction_test = predict(w, b, X_test)
    Y_prediction_train = predict(w, b, X_train)
    return {"costs": costs, "Y_prediction_test": Y_prediction_test, "Y_prediction_train": Y_prediction_train,
            "w": w, "b": b, "learning_rate": learning_rate, "num_iterations": num_iterations}
