def backward_propagation_with_regularization(X, Y, cache, lambd):
    m = X.shape[1]
    A = [X, cache[1], cache[5], cache[9]]
    Z = [None, cache[0], cache[4], cache[8]]
    W = [None, cache[2], cache[6], cache[10]]
    out = {}
    dZ = A[3] - Y
    for l in range(3, 0, -1):
        out[f"dZ{l}"] = dZ
        out[f"dW{l}"] = (dZ @ A[l - 1].T + lambd * W[l]) / m
        out[f"db{l}"] = dZ.mean(axis=1).reshape(-1, 1)
        if l > 1:
            dA = W[l].T @ dZ
            out[f"dA{l - 1}"] = dA
            dZ = np.where(Z[l - 1] > 0, dA, 0.0)
    return out
