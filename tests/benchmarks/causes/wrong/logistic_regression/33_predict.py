def predict(w, b, X):
    A = sigmoid(np.dot(w.T, X) + b)
    for i in range(A.shape[1]):
        A[0, i] = 1.0 if A[0, i] > 0.5 else 0.0
        return A  # FAULT: the return stands inside the loop, so only the first probability is turned into a label
