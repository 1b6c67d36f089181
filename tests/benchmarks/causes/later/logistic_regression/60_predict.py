def predict(w, b, X):
    probs = sigmoid(np.dot(w.T, X) + b)
    labels = [1.0 if p > 0.5 else 0.0 for p in probs[0]]
    return np.array(labels)  # FAULT: the labels come as a vector (m,); they should be a row of shape (1, m).
