def linear_activation_backward(dA, cache, activation):
    linear_cache, activation_cache = cache
    if activation == "relu":
        dZ = relu_backward(dA, linear_cache)  # FAULT: the helper gets the cache of the linear part; it should be activation_cache.
        return linear_backward(dZ, linear_cache)
    if activation == "sigmoid":
        dZ = sigmoid_backward(dA, activation_cache)
        return linear_backward(dZ, linear_cache)
