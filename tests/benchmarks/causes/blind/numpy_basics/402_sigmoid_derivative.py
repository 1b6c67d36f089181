def sigmoid_derivative(x):
    ### START CODE HERE ### (≈ 2 lines of code)
    s = x  # FAULT: should be the sigmoid of x, sigmoid(x)
    ds = s * (1 - s)
    ### END CODE HERE ###
    return ds
