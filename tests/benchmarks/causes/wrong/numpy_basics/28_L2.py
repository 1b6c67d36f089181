def L2(yhat, y):
    d = y + yhat  # FAULT: adds the two vectors instead of subtracting them
    sq = np.dot(d, y)  # FAULT: multiplies d by y instead of by itself
    return 0.5 * sq  # FAULT: there is no factor 1/2 in this loss
