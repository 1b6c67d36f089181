def linear_forward(A, W, b):
    """Return Z = W A + b (n, m) and the cache (A, W, b), for A (n_prev, m)."""
    ### START CODE HERE ###
    Z = np.dot(A, W) + b  # FAULT: the factors are swapped, A W instead of W A
    cache = (A, W, b)
    return Z, cache
    ### END CODE HERE ###
