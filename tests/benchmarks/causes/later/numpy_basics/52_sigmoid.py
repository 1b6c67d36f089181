def sigmoid(z):
    """Return σ(z) = 1 / (1 + e^(-z)), entry by entry, for a number or an array of any shape."""
    ### START CODE HERE ###
    s = 1 / 1 + np.exp(-z)  # FAULT: the denominator lacks its parentheses; it should be 1 / (1 + np.exp(-z)).
    return s
    ### END CODE HERE ###
