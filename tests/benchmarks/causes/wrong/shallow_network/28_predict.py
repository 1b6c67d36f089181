def predict(parameters, X):
    probs, _ = forward_propagation(X, parameters)
    labels = np.zeros((1, X.shape[0]))  # FAULT: the row has as many places as there are features, not examples
    for i in range(X.shape[0]):  # FAULT: the loop runs over the features instead of the examples
        labels[0, i] = 1 if probs[0, i] > 0 else 0  # FAULT: the threshold is 0 instead of 0.5
    return labels
