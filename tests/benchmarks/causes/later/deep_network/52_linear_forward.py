def linear_forward(A, W, b):
    """Return Z = W A + b (n, m) and the cache (A, W, b), for A (n_prev, m)."""
    ### START CODE HERE ###
    Z = np.dot(A, W) + b  # FAULT: the factors are in the wrong order; it should be np.dot(W, A) + b.
    ### END CODE HERE ###
    cache = (A, W, b)
    return Z, cache
