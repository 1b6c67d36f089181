def sigmoid_derivative(x):
    """Return σ'(x) = σ(x) (1 - σ(x)), entry by entry, for a number or an array of any shape."""
    ### START CODE HERE ###
    s = sigmoid(x)
    ds = s * (1 - x)  # FAULT: the second factor takes x itself; it should be (1 - s).
    return ds
    ### END CODE HERE ###
