def predict(w, b, X):
    A = sigmoid(np.dot(w.T, X) + b)
    if A > 0.5:  # FAULT: an if on a whole array raises (its truth is ambiguous), every entry has to be decided by itself
        Y_prediction = 1.0
    else:
        Y_prediction = 0.0
    return Y_prediction
