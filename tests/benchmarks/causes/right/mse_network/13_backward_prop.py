def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    # σ'(z) = 1 / (4 cosh²(z/2)); a row of ones takes the sum for the biases
    slope = lambda z: 0.25 / np.cosh(z / 2) ** 2
    one = np.ones((X.shape[1], 1))
    back = -(Y - A2) * slope(Z2) / (0.5 * one.size)
    G2 = back @ np.c_[A1.T, one]
    back = slope(Z1) * (back.T @ W2).T
    G1 = back @ np.c_[X.T, one]
    return G2[:, :-1], G2[:, -1:], G1[:, :-1], G1[:, -1:]
