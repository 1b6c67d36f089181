def predict(w, b, X):
    m = X.shape[1]
    labels = np.zeros((m, 1))  # FAULT: the labels must be a row (1, m), not a column (m, 1)
    probs = 1 / (1 + np.exp(-w.T @ X))  # FAULT: the bias b is missing
    for i in range(m):
        labels[i, 0] = 1.0 if probs[0, i] < 0.5 else 0.0  # FAULT: the comparison is the wrong way round, 1 belongs where the probability is above 0.5
    return labels
