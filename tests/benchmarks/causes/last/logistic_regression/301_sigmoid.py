def sigmoid(z):
    e = np.exp(z)  # FAULT: the exponent should be -z.
    s = 1 / (1 + e)
    return s
