def forward_propagation_with_dropout(X, parameters, keep_prob=0.5):
    P = parameters

    def hidden(A_prev, l):
        W, b = P[f"W{l}"], P[f"b{l}"]
        Z = W @ A_prev + b
        keep = np.less(np.random.rand(*Z.shape), keep_prob)
        # relu and dropout in one: positive and kept entries only
        A = np.where(keep & (Z > 0), Z / keep_prob, 0.0)
        return Z, keep, A, W, b

    first = hidden(X, 1)
    second = hidden(first[2], 2)
    Z3 = P["W3"] @ second[2] + P["b3"]
    A3 = 1 / (1 + np.exp(-Z3))
    return A3, (*first, *second, Z3, A3, P["W3"], P["b3"])
