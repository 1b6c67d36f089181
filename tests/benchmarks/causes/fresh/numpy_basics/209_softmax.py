def softmax(x):
    """Calculates the softmax for each row of the input x."""
    # subtract the biggest number, I read that this is safer for big inputs
    biggest = np.max(x, axis=1, keepdims=True)
    x_exp = np.exp(x - biggest)
    x_sum = np.sum(np.exp(x), axis=1, keepdims=True)  # FAULT: the sum is of the unshifted exponentials; it should be the sum of x_exp.
    return x_exp / x_sum
