def predict(parameters, X):
    A2, cache = forward_propagation(X, parameters)
    predictions = np.argmax(A2, axis=0)  # FAULT: argmax over a single output unit is always 0, the threshold of 0.5 is missing; and the result is one-dimensional, not a row
    return predictions
