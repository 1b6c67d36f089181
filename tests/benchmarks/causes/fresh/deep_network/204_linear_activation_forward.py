def linear_activation_forward(A_prev, W, b, activation):
    Z, linear_cache = linear_forward(A_prev, W, b)
    if activation == "relu" or "sigmoid":  # FAULT: this condition is always true, so relu is used even for the sigmoid; it should be activation == "relu".
        A, activation_cache = relu(Z)
    else:
        A, activation_cache = sigmoid(Z)
    cache = (activation_cache, linear_cache)  # FAULT: the two caches are in the wrong order; the linear cache should come first.
    return A, cache
