def L1(yhat, y):
    loss = 0
    for i in range(1, len(y)):  # FAULT: the loop begins at 1 and leaves out the first entry; it should be range(len(y)).
        loss = loss + abs(y[i] - yhat[i])
        return loss  # FAULT: the return stands inside the loop and ends it after one entry; it should stand after the loop.
