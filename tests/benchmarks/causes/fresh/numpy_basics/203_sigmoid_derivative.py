def sigmoid_derivative(x):
    """Gradient (slope) of the sigmoid function with respect to its input x."""
    s = sigmoid(x)
    ds = s * (1 - x)  # FAULT: the second factor uses the input x; it should be 1 - s.
    return ds
