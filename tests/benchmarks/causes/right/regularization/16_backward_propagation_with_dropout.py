def backward_propagation_with_dropout(X, Y, cache, keep_prob):
    (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3) = cache
    weights, masks, before = {2: W2, 3: W3}, {1: D1, 2: D2}, {1: X, 2: A1, 3: A2}
    z = {1: Z1, 2: Z2}
    g = {"dZ3": A3 - Y}
    l = 3
    while l >= 1:
        d = g["dZ" + str(l)]
        g["dW" + str(l)] = np.array([[np.mean(row * a) for a in before[l]] for row in d])
        g["db" + str(l)] = np.array([[np.mean(row)] for row in d])
        if l > 1:
            g["dA" + str(l - 1)] = weights[l].T.dot(d) / keep_prob * masks[l - 1]
            g["dZ" + str(l - 1)] = g["dA" + str(l - 1)] * (z[l - 1] > 0)
        l -= 1
    return g
