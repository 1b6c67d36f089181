def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = X.shape[1]

    def layer(delta, below):
        return (below @ delta.T).T, np.sum(delta, axis=1).reshape(-1, 1)

    s2, s1 = sigmoid(Z2), sigmoid(Z1)
    delta = (s2 - Y) * (s2 - np.square(s2))
    delta = (delta + delta) / m
    top = layer(delta, s1)
    bottom = layer(np.tensordot(W2, delta, axes=(0, 0)) * (s1 - np.square(s1)), X)
    return top + bottom
