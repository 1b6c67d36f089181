def L1(yhat, y):
    return abs(np.sum(y - yhat))  # FAULT: the absolute value should be taken of each difference before the sum.
