def forward_propagation_with_dropout(X, parameters, keep_prob=0.5):
    W1, b1, W2, b2, W3, b3 = map(parameters.__getitem__, ["W1", "b1", "W2", "b2", "W3", "b3"])
    n1, n2, m = W1.shape[0], W2.shape[0], X.shape[1]

    # both masks from one draw: the stream is the same
    U = np.random.rand((n1 + n2) * m)
    D1 = (U[: n1 * m].reshape(n1, m) < keep_prob).astype(float)
    D2 = (U[n1 * m :].reshape(n2, m) < keep_prob).astype(float)

    Z1 = np.einsum("ij,jk->ik", W1, X) + b1
    A1 = relu(Z1) * (D1 / keep_prob)
    Z2 = np.einsum("ij,jk->ik", W2, A1) + b2
    A2 = relu(Z2) * (D2 / keep_prob)
    Z3 = np.einsum("ij,jk->ik", W3, A2) + b3
    A3 = sigmoid(Z3)
    return A3, (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3)
