def predict(parameters, X):
    probs = forward_propagation(X, parameters)  # FAULT: this is the pair of A2 and the cache; A2 should be unpacked from it.
    predictions = (probs > 0.5)
    return predictions
