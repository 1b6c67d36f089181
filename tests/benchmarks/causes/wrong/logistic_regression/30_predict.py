def predict(w, b, X):
    Z = np.dot(w.T, X) + b  # FAULT: the sigmoid is missing, so the 0.5 is compared with z instead of a probability
    Y_prediction = np.where(Z > 0.5, 1.0, 0.0)
    return Y_prediction.flatten()  # FAULT: flatten gives the shape (m,) instead of (1, m)
