def softmax(x):
    e = np.exp(-x)  # FAULT: the exponent has the wrong sign; it should be np.exp(x).
    total = np.sum(x, axis=1, keepdims=True)  # FAULT: this sums the entries of x; it should sum their exponentials e.
    return total / e  # FAULT: the quotient is upside down; it should be e / total.
