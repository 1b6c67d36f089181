def L1(yhat, y):
    loss = np.sum(y - yhat)  # FAULT: the absolute value of the differences is missing
    return loss
