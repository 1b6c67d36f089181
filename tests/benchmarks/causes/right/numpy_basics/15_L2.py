def L2(yhat, y):
    return np.dot(y, y) - 2 * np.dot(y, yhat) + np.dot(yhat, yhat)
