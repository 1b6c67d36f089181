def sigmoid(z):
    ### START CODE HERE ### (≈ 1 line of code)
    s = 1 / (1 + np.exp(z))  # FAULT: sign of the exponent, should be np.exp(-z)
    ### END CODE HERE ###
    return s
