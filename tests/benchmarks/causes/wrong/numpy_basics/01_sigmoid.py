def sigmoid(z):
    s = 1 / (1 + math.exp(-z))  # FAULT: math is not imported, and its exp could not take an array; np.exp is needed
    return s
