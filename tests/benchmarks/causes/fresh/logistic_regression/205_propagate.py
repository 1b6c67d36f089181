def propagate(w, b, X, Y):
    """
    Implement the cost function and its gradient

    Return:
    grads -- dictionary with dw and db
    cost -- negative log-likelihood cost for logistic regression
    """
    m = X.shape[1]
    A = sigmoid(np.dot(w.T, X) + b)
    cost = (-1 / m) * np.sum(Y * np.log(A)) + (1 - Y) * np.log(1 - A)  # FAULT: the parenthesis of np.sum closes after the first term; it should hold both terms.

    error = Y - A
    dw = (1 / m) * np.dot(X, error.T)  # FAULT: the error is Y - A, so the sign of dw is wrong; it should be A - Y.
    db = (1 / m) * np.sum(A - Y)

    cost = np.squeeze(cost)
    grads = {"dw": dw, "db": db}
    return grads, cost
