def sigmoid(z):
    import math

    one = lambda t: math.e ** t / (math.e ** t + 1)
    return np.vectorize(one, otypes=[float])(z)
