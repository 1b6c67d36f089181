def predict(parameters, X):
    ### START CODE HERE ###
    A2 = forward_propagation(X, parameters)  # FAULT: the function returns two things; it should be A2, cache = forward_propagation(X, parameters).
    predictions = (A2 > 0.5) * 1
    ### END CODE HERE ###
    return predictions
