def sigmoid(z):
    s = 1 / 1 + np.exp(-z)  # FAULT: brackets missing in the denominator, should be 1 / (1 + np.exp(-z))
    return s
