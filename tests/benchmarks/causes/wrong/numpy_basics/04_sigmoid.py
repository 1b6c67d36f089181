def sigmoid(z):
    e = np.exp(-z)
    s = 1.0 / (1.0 + e)
    print(s)  # FAULT: the result is printed but not returned
