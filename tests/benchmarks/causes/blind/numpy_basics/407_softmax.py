def softmax(x):
    x_exp = np.exp(-x)  # FAULT: wrong sign, should be np.exp(x)
    x_sum = np.sum(x_exp, axis=0, keepdims=True)  # FAULT: sums of the columns, should be of the rows, axis=1
    return x_exp / x_sum
