def backward_propagation_with_dropout(X, Y, cache, keep_prob):
    m = X.shape[1]
    (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3) = cache
    scale = 1 / keep_prob

    dZ3 = -(Y - A3)
    dA2 = np.where(D2, scale * (W3.T @ dZ3), 0)
    dZ2 = np.where(Z2 <= 0, 0, dA2)
    dA1 = np.where(D1, scale * (W2.T @ dZ2), 0)
    dZ1 = np.where(Z1 <= 0, 0, dA1)

    gradients = dict(dZ1=dZ1, dZ2=dZ2, dZ3=dZ3, dA1=dA1, dA2=dA2)
    for l, (dZ, A_prev) in enumerate([(dZ1, X), (dZ2, A1), (dZ3, A2)], start=1):
        gradients[f"dW{l}"] = (A_prev @ dZ.T).T / m
        gradients[f"db{l}"] = np.average(dZ, axis=1)[:, np.newaxis]
    return gradients
