def sigmoid(z):
    s = 1 / 1 + np.exp(-z)  # FAULT: the brackets round the denominator 1 + exp(-z) are missing, so 1/1 + exp(-z) is computed
    return s
