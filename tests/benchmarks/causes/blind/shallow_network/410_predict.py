def predict(parameters, X):
    ### START CODE HERE ### (≈ 2 lines of code)
    A2 = forward_propagation(X, parameters)  # FAULT: takes the pair of A2 and cache for A2, should be A2, cache = ...
    predictions = (A2 > 0.5).astype(int)
    ### END CODE HERE ###
    return predictions
