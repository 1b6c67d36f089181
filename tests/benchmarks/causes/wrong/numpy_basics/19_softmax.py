def softmax(x):
    x_exp = np.exp(x)
    x_sum = np.sum(x, axis=1)  # FAULT: sums x instead of its exponentials; and keepdims=True is missing, so the sums are no column
    s = x_exp / x_sum
    return s
