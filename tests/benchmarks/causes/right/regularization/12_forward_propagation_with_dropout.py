def forward_propagation_with_dropout(X, parameters, keep_prob=0.5):
    A = X
    cache = ()
    for l in range(1, 4):
        W, b = parameters["W" + str(l)], parameters["b" + str(l)]
        Z = np.add(np.matmul(W, A), b)
        if l == 3:
            A = sigmoid(Z)
            cache += (Z, A, W, b)
        else:
            # number after number, row by row
            D = np.zeros(Z.shape, dtype=int)
            for i in range(Z.shape[0]):
                for j in range(Z.shape[1]):
                    D[i, j] = 1 if np.random.rand() < keep_prob else 0
            A = np.maximum(Z, 0)
            A[D == 0] = 0
            A /= keep_prob
            cache += (Z, D, A, W, b)
    return A, cache
