def predict(w, b, X):
    A = sigmoid(np.dot(w.T, X) + b)
    return (A > 0).astype(float)  # FAULT: the probability is compared with 0 instead of 0.5, so everything is a cat
