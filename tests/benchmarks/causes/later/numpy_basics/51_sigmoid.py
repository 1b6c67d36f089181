def sigmoid(z):
    s = 1.0 / (1.0 + math.exp(-z))  # FAULT: `math` is not imported (and takes single numbers only); it should be np.exp(-z).
    return s
