def predict(w, b, X):
    '''
    Predict whether the label is 0 or 1
    '''
    m = X.shape[0]  # FAULT: this is the number of inputs; the predictions are one for each example, X.shape[1].
    Y_prediction = np.zeros((1, m))
    w = w.reshape(X.shape[0], 1)

    A = sigmoid(np.dot(w.T, X) + b)

    for i in range(m):
        # Convert probabilities to actual predictions
        if A > 0.5:  # FAULT: the condition compares the whole row, which raises an error; it should be A[0, i].
            Y_prediction[0, i] = 1
        else:
            Y_prediction[0, i] = 0

    return Y_prediction
