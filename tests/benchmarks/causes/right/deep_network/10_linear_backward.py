def linear_backward(dZ, cache):
    A_prev, W, _ = cache
    m = dZ.shape[1]
    dW, db, dA_prev = np.zeros(W.shape), np.zeros((W.shape[0], 1)), np.zeros(A_prev.shape)
    for i in range(m):
        delta = dZ[:, i]
        dW += np.outer(delta, A_prev[:, i]) / m
        db += delta[:, None] / m
        dA_prev[:, i] = delta.dot(W)
    return dA_prev, dW, db
