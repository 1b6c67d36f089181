def L1(yhat, y):
    m = y.shape[0]
    loss = 0
    for i in range(1, m):  # FAULT: begins at 1 and so leaves out the first entry
        loss += np.abs(y[i] - yhat[i])
    return loss / m  # FAULT: divides by m, but the loss is the sum and not the mean
