def backward_propagation_with_dropout(X, Y, cache, keep_prob):
    m = Y.shape[1]
    Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3 = cache

    def layer(delta, A_prev):
        # bias as one more column of weights
        stacked = np.vstack((A_prev, np.ones((1, m))))
        both = delta.dot(stacked.T) / m
        return both[:, :-1], both[:, -1:]

    def through(W, delta, D):
        out = W.T.dot(delta)
        out[np.logical_not(D)] = 0.0
        out /= keep_prob
        return out

    dZ3 = A3 - Y
    dW3, db3 = layer(dZ3, A2)
    dA2 = through(W3, dZ3, D2)
    dZ2 = dA2 * np.heaviside(A2, 0)
    dW2, db2 = layer(dZ2, A1)
    dA1 = through(W2, dZ2, D1)
    dZ1 = dA1 * np.heaviside(A1, 0)
    dW1, db1 = layer(dZ1, X)
    return {"dZ3": dZ3, "dW3": dW3, "db3": db3, "dA2": dA2, "dZ2": dZ2, "dW2": dW2,
            "db2": db2, "dA1": dA1, "dZ1": dZ1, "dW1": dW1, "db1": db1}
