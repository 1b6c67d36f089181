def softmax(x):
    ### START CODE HERE ###
    x_exp = np.exp(x)
    x_sum = np.sum(x_exp)  # FAULT: this sums the whole matrix; it should sum each row, with axis=1, keepdims=True.
    s = x_exp / x_sum
    ### END CODE HERE ###
    return s
