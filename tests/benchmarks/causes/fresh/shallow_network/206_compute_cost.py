def compute_cost(A2, Y):
    m = Y.shape[0]  # FAULT: this is the number of rows of Y; the number of examples is Y.shape[1].

    # Compute the cross-entropy cost
    logprobs = Y * np.log2(A2) + (1 - Y) * np.log2(1 - A2)  # FAULT: the logarithm to base 2 is used; it should be the natural one, np.log.
    cost = -1 / m * logprobs.sum()

    cost = float(np.squeeze(cost))
    return cost
