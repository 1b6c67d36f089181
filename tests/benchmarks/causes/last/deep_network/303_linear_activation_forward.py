def linear_activation_forward(A_prev, W, b, activation):
    # first the linear part, then the activation
    Z, linear_cache = linear_forward(A_prev, W, b)

    if activation == "sigmoid":
        A, activation_cache = sigmoid(Z)
    elif activation == "relu":
        A, activation_cache = relu(A_prev)  # FAULT: the relu should be taken of Z, not of A_prev.

    cache = (activation_cache, linear_cache)  # FAULT: the linear cache should come first, then the activation cache.

    return A, cache
