def linear_backward(dZ, cache):
    A_prev, W, b = cache
    m = dZ.shape[1]
    dW = dZ @ A_prev.T / m
    db = np.sum(dZ, axis=0, keepdims=True) / m  # FAULT: sums over the units (axis 0) instead of over the examples (axis 1)
    dA_prev = W.T @ dZ
    return dA_prev, dW, db
