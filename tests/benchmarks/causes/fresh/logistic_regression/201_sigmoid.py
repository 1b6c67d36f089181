def sigmoid(z):
    # np.exp gave me an overflow warning for big numbers
    z = np.clip(z, -1, 1)  # FAULT: every z beyond 1 is cut off, so the value is wrong there; z should be used as it is.
    s = 1 / (1 + np.exp(-z))
    return s
