def backward_propagation_with_regularization(X, Y, cache, lambd):
    (_, A1, W1, _, _, A2, W2, _, _, A3, W3, _) = cache
    m = Y.shape[1]
    ones = np.ones((m, 1)) / m

    dZ3 = np.subtract(A3, Y)
    dW3 = np.einsum("im,jm->ij", dZ3, A2) / m + W3 * lambd / m
    db3 = dZ3 @ ones

    dA2 = np.einsum("ki,km->im", W3, dZ3)
    dZ2 = dA2 * np.sign(A2)
    dW2 = np.einsum("im,jm->ij", dZ2, A1) / m + W2 * lambd / m
    db2 = dZ2 @ ones

    dA1 = np.einsum("ki,km->im", W2, dZ2)
    dZ1 = dA1 * np.sign(A1)
    dW1 = np.einsum("im,jm->ij", dZ1, X) / m + W1 * lambd / m
    db1 = dZ1 @ ones

    names = "dZ3 dW3 db3 dA2 dZ2 dW2 db2 dA1 dZ1 dW1 db1".split()
    return dict(zip(names, (dZ3, dW3, db3, dA2, dZ2, dW2, db2, dA1, dZ1, dW1, db1)))
