def L1(yhat, y):
    loss = np.abs(np.sum(y - yhat))  # FAULT: absolute value of the sum, should be the sum of the absolute values
    return loss
