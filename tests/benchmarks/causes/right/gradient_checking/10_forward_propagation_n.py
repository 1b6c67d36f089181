def forward_propagation_n(X, Y, parameters):
    m = X.shape[1]
    get = parameters.__getitem__
    W1, W2, W3 = get("W1"), get("W2"), get("W3")
    b1, b2, b3 = get("b1"), get("b2"), get("b3")

    Z1, Z2, Z3 = (np.zeros((W.shape[0], m)) for W in (W1, W2, W3))
    A1, A2, A3 = np.zeros_like(Z1), np.zeros_like(Z2), np.zeros_like(Z3)
    J = 0.0
    for i in range(m):
        Z1[:, i] = W1 @ X[:, i] + b1[:, 0]
        A1[:, i] = relu(Z1[:, i])
        Z2[:, i] = W2 @ A1[:, i] + b2[:, 0]
        A2[:, i] = relu(Z2[:, i])
        Z3[:, i] = W3 @ A2[:, i] + b3[:, 0]
        A3[:, i] = sigmoid(Z3[:, i])
        a, y = A3[0, i], Y[0, i]
        J -= (y * np.log(a) + (1 - y) * np.log(1 - a)) / m
    return J, (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3)
