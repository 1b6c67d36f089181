def predict(parameters, X):
    A2 = forward_propagation(X, parameters)[0]
    return np.array([[1 if a > 0.5 else 0 for a in row] for row in A2])
