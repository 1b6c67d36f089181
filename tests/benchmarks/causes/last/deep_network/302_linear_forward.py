def linear_forward(A, W, b):
    Z = np.dot(W, A) + b
    cache = (W, A, b)  # FAULT: the cache should hold A, W and b in this order.
    return Z, cache
