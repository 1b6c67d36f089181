def linear_forward(A, W, b):
    n, m = W.shape[0], A.shape[1]
    Z = np.empty((n, m))
    for unit in range(n):
        for example in range(m):
            Z[unit, example] = sum(w * a for w, a in zip(W[unit], A[:, example])) + b[unit, 0]
    return Z, (A, W, b)
