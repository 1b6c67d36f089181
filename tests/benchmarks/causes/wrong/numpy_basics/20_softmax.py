def softmax(x):
    biggest = np.max(x, axis=1, keepdims=True)
    numerator = np.exp(x - biggest)
    denominator = np.exp(x).sum(axis=1, keepdims=True)  # FAULT: the maximum is subtracted in the numerator only, the sum must be over the same exponentials
    return numerator / denominator
