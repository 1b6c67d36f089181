def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = X.shape[1]
    d2 = 2 / m * (A2 - Y) * A2 * (1 - A2)
    d1 = W2.T.dot(d2) * A1 * (1 - A1)
    return (
        d2.dot(A1.T),
        d2.sum(axis=1),  # FAULT: keepdims=True is missing, so dLdB2 has the shape (n_y,) instead of (n_y, 1)
        d1.dot(X.T),
        d1.sum(axis=1),  # FAULT: keepdims=True is missing, so dLdB1 has the shape (n_h,) instead of (n_h, 1)
    )
