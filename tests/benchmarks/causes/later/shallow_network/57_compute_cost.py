def compute_cost(A2, Y):
    """Return the cross-entropy J = -1/m Σ [y log a + (1 - y) log(1 - a)], a scalar."""
    ### START CODE HERE ###
    logprobs = np.multiply(np.log(A2), Y)  # FAULT: the second term (1 - Y) log(1 - A2) is missing.
    cost = -np.sum(logprobs)  # FAULT: the sum is not divided by the number of examples m.
    cost = float(np.squeeze(cost))
    ### END CODE HERE ###
    return cost
