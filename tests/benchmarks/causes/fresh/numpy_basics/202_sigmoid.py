def sigmoid(x):
    """
    Compute the sigmoid of x

    Arguments:
    x -- A scalar or numpy array of any size

    Return:
    s -- sigmoid(x)
    """
    ### START CODE HERE ###
    s = np.zeros(len(x))  # FAULT: len(x) and a flat result fit one-dimensional arrays only; x may be a number or a matrix, so work on x as a whole.
    for i in range(len(x)):  # FAULT: the loop takes x for a one-dimensional array; np.exp should be applied to x as a whole.
        s[i] = 1 / (1 + np.exp(-x[i]))
    ### END CODE HERE ###
    return s
