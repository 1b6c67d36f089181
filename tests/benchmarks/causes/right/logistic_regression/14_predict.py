def predict(w, b, X):
    # σ(z) > 1/2 exactly where z > 0
    return np.heaviside(np.dot(w.T, X) + b, 0.0)
