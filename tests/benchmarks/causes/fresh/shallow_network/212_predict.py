def predict(parameters, X):
    A2, cache = forward_propagation(X, parameters)
    predictions = np.where(cache["Z2"] > 0.5, 1, 0)  # FAULT: Z2 is compared, which is not a probability; it should be A2 > 0.5.
    return predictions
