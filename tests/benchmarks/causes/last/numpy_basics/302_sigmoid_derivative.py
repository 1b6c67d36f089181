def sigmoid_derivative(x):
    s = sigmoid(x)
    ds = s * 1 - s  # FAULT: 1 - s should be in parentheses; this is always zero.
    return ds
