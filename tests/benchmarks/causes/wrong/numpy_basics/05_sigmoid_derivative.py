def sigmoid_derivative(x):
    ds = x * (1 - x)  # FAULT: x stands where the sigmoid of x belongs, which is never computed
    return ds
