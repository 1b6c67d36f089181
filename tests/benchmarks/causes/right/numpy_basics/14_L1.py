def L1(yhat, y):
    return (np.maximum(yhat, y) - np.minimum(yhat, y)).sum()
