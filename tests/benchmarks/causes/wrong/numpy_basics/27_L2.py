def L2(yhat, y):
    loss = np.sum((y - yhat) ^ 2)  # FAULT: ^ is the bitwise xor in Python, a power is written **
    return loss
