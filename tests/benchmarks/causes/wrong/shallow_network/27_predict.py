def predict(parameters, X):
    A2 = forward_propagation(X, parameters)  # FAULT: forward_propagation returns a pair, it is not unpacked into A2 and cache
    predictions = (A2 > 0.5).astype(int)
    return predictions
