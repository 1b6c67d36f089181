def L1(yhat, y):
    return np.sum(abs(y - yhat), axis=1, keepdims=True)  # FAULT: vectors (m,) have no axis 1, and the sum should be a scalar
