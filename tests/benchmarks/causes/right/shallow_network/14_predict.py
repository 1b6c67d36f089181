def predict(parameters, X):
    # the sigmoid is above one half where its argument is positive
    return np.heaviside(forward_propagation(X, parameters)[1]["Z2"], 0)
