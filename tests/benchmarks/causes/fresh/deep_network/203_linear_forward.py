def linear_forward(A, W, b):
    Z = np.dot(W, A + b)  # FAULT: b is added to A before the product; it should be np.dot(W, A) + b.
    cache = (A, W, b)
    return Z, cache
