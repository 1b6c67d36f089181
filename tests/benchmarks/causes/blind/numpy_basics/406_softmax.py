def softmax(x):
    ### START CODE HERE ### (≈ 3 lines of code)
    x_exp = np.exp(x)
    x_sum = np.sum(x_exp)  # FAULT: sum of the whole matrix, should be of each row: axis=1, keepdims=True
    s = x_exp / x_sum
    ### END CODE HERE ###
    return s
