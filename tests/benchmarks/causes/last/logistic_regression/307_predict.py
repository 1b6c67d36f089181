def predict(w, b, X):
    m = X.shape[1]
    Y_prediction = np.zeros((1, m))
    w = w.reshape(X.shape[0], 1)

    # Compute the probabilities of a cat being in the picture
    A = np.dot(w.T, X) + b  # FAULT: the sigmoid is missing; A should be the probabilities.

    for i in range(m - 1):  # FAULT: the last example is left out; it should be range(m).
        if A[0, i] > 0.5:
            Y_prediction[0, i] = 0  # FAULT: above 0.5 the prediction should be 1.
        else:
            Y_prediction[0, i] = 1  # FAULT: otherwise the prediction should be 0.

    return Y_prediction
