def L2(yhat, y):
    diff = y - yhat
    loss = np.sum(diff) ** 2  # FAULT: squares the sum instead of summing the squares
    return loss
