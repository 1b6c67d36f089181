def predict(w, b, X):
    m = X.shape[1]
    Y_prediction = np.ones((1, m))  # FAULT: the predictions begin at one and none is ever set to zero; it should be np.zeros((1, m)).
    A = sigmoid(np.dot(w.T, X) + b)
    for i in range(m):
        if A[0, i] > 0.5:
            Y_prediction[0, i] = 1
    return Y_prediction
