def L2(yhat, y):
    """
    Arguments:
    yhat -- vector of size m (predicted labels)
    y -- vector of size m (true labels)
    """
    m = y.size
    diff = y ** 2 - yhat ** 2  # FAULT: this is the difference of the squares; it should be the square of the difference, (y - yhat) ** 2.
    loss = np.sum(diff) / m  # FAULT: the sum is divided by the number of entries; the loss is the sum itself.
    print("L2 =", loss)  # FAULT: the loss is printed and nothing is returned; it should be return loss.
