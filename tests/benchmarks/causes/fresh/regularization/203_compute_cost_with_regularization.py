def compute_cost_with_regularization(A3, Y, parameters, lambd):
    """
    Implement the cost function with L2 regularization. See formula (2) above.
    """
    m = Y.shape[1]
    W1, W2, W3 = parameters["W1"], parameters["W2"], parameters["W3"]

    cross_entropy_cost = compute_cost(A3, Y)

    ### START CODE HERE ### (approx. 1 line)
    squares = np.sum(np.square(W1), np.square(W2), np.square(W3))  # FAULT: np.sum takes the second array as the axis, an error; each array needs a sum of its own.
    L2_regularization_cost = lambd / (2 * m) * squares
    ### END CODER HERE ###

    return cross_entropy_cost + L2_regularization_cost
