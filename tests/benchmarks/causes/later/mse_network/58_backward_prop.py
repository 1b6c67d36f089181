def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = X.shape[1]
    ds = lambda z: sigmoid(z) * (1 - sigmoid(z))
    d2 = (2 / m) * (A2 - Y) * ds(Z2)
    dLdW2 = d2 @ A1.T
    dLdB2 = d2.sum(axis=1, keepdims=True)
    d1 = (W2 @ d2) * ds(Z1)  # FAULT: W2 is not transposed; it should be W2.T @ d2.
    dLdW1 = d1 @ X.T
    dLdB1 = d1.sum(axis=1, keepdims=True)
    return dLdW2, dLdB2, dLdW1, dLdB1
