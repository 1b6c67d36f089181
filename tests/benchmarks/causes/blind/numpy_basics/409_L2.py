def L2(yhat, y):
    diff = y - yhat
    loss = np.sqrt(np.dot(diff, diff))  # FAULT: there is no root in this loss, should be np.dot(diff, diff)
    return loss
