def linear_backward(dZ, cache):
    (A_prev, W, b) = cache
    m = A_prev.shape[1]
    dW = np.dot(dZ, A_prev.T)  # FAULT: the factor 1/m is missing in dW
    db = np.mean(dZ, axis=1).reshape(b.shape)
    dA = np.dot(W.T, dZ)
    return dW, db, dA  # FAULT: the results are in the wrong order, dA_prev comes first
