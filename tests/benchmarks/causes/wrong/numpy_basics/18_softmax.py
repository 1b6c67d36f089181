def softmax(x):
    x_exp = np.exp(x)
    x_sum = np.sum(x_exp)  # FAULT: sums over the whole matrix instead of over each row, axis=1 and keepdims=True are missing
    return x_exp / x_sum
