def L2(yhat, y):
    loss = 0
    for i in range(1, len(y)):  # FAULT: the first entry is skipped; the loop should begin at 0.
        diff = y[i] - yhat[i]
        loss = loss + diff * diff
    return np.sqrt(loss)  # FAULT: the loss is the sum of the squares itself, without a root.
