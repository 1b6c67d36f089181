def propagate(w, b, X, Y):
    n_examples = X.shape[0]  # FAULT: this is the number of inputs; the number of examples is X.shape[1].
    Z = w.T @ X + b
    A = sigmoid(Z)
    losses = -(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    error = A - Y
    return {"dw": X @ error.T / n_examples, "db": error.sum() / n_examples}, losses.sum() / n_examples
