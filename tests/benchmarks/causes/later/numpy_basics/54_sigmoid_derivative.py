def sigmoid_derivative(x):
    sig = lambda t: 1 / (1 - np.exp(-t))  # FAULT: the sigmoid has a minus in its denominator; it should be 1 + np.exp(-t).
    value = sig(x)
    return value * (value - 1)  # FAULT: the difference is the wrong way round; it should be value * (1 - value).
