def linear_activation_backward(dA, cache, activation):
    linear_cache, activation_cache = cache
    if activation == "relu":
        dZ = relu_backward(dA, linear_cache)  # FAULT: the helper needs Z, which is activation_cache, not linear_cache.
    else:
        dZ = sigmoid_backward(dA, linear_cache)  # FAULT: the helper needs Z, which is activation_cache, not linear_cache.
    dA_prev, dW, db = linear_backward(dZ, linear_cache)
    return dA_prev, dW, db
