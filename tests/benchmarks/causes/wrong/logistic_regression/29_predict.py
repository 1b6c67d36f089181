def predict(w, b, X):
    m = X.shape[1]
    Y_prediction = np.zeros((1, m))
    A = sigmoid(np.dot(w.T, X) + b)
    for i in range(X.shape[0]):  # FAULT: the loop runs over the inputs (rows) instead of the examples, A.shape[1]
        if A[0, i] > 0.5:
            Y_prediction[0, i] = 1
    return Y_prediction
