def L2(yhat, y):
    loss = 0
    for i in range(1, len(y)):  # FAULT: leaves out the first entry, should be range(len(y))
        loss += (y[i] - yhat[i]) * 2  # FAULT: doubled instead of squared, should be ** 2
    return loss
