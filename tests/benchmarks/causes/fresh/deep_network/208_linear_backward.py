def linear_backward(dZ, cache):
    A_prev, b, W = cache  # FAULT: the cache holds A, W and b in this order, so W and b are swapped; it should be A_prev, W, b = cache.
    m = A_prev.shape[1]

    dW = 1 / m * dZ @ A_prev.T
    db = 1 / m * np.sum(dZ, axis=1, keepdims=True)
    dA_prev = W.T @ dZ

    return dA_prev, dW, db
