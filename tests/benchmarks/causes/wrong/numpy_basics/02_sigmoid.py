def sigmoid(z):
    """Return σ(z) = 1 / (1 + e^(-z)), entry by entry, for a number or an array of any shape."""
    ### START CODE HERE ###
    return 1 / 1 + np.exp(-z)  # FAULT: the parentheses around 1 + np.exp(-z) are missing, so that only the 1 is divided
    ### END CODE HERE ###
