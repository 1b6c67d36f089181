def linear_backward(dZ, cache):
    W, A_prev, b = cache  # FAULT: the cache is unpacked in the wrong order, it is (A_prev, W, b)
    m = A_prev.shape[1]
    dW = 1 / m * np.dot(dZ, A_prev.T)
    db = 1 / m * np.sum(dZ)  # FAULT: sums over all entries to one number, without axis=1 and keepdims=True
    dA_prev = np.dot(W, dZ)  # FAULT: W is not transposed
    return dA_prev, dW, db
