def predict(w, b, X):
    labels = np.empty((1, X.shape[1]))
    for i, x in enumerate(X.T):
        p = sigmoid(sum(wi * xi for wi, xi in zip(w[:, 0], x)) + b)
        labels[0, i] = 1.0 if p > 0.5 else 0.0
    return labels
