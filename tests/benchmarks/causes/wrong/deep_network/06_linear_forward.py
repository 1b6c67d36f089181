def linear_forward(A, W, b):
    Z = W @ A + b
    return Z, (W, A, b)  # FAULT: the cache has W before A, it should be (A, W, b)
