def forward_prop(W1, B1, W2, B2, X):
    m = X.shape[1]
    Z1, A1 = np.empty((len(W1), m)), np.empty((len(W1), m))
    Z2, A2 = np.empty((len(W2), m)), np.empty((len(W2), m))
    for k in range(m):
        for j in range(len(W1)):
            Z1[j, k] = B1[j, 0] + sum(W1[j, i] * X[i, k] for i in range(X.shape[0]))
            A1[j, k] = 1 / (1 + np.exp(-Z1[j, k]))
        for j in range(len(W2)):
            Z2[j, k] = B2[j, 0] + sum(W2[j, i] * A1[i, k] for i in range(len(A1)))
            A2[j, k] = 1 / (1 + np.exp(-Z2[j, k]))
    return Z1, A1, Z2, A2
