def sigmoid_derivative(x):
    ### START CODE HERE ### (≈ 2 lines of code)
    s = 1.0 / (1.0 + np.exp(-x))
    ds = s * 1 - s  # FAULT: without parentheses this is s - s, zero everywhere; it should be s * (1 - s).
    ### END CODE HERE ###

    return s, ds  # FAULT: two values come back as a tuple; only the derivative ds should be returned.
