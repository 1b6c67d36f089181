def linear_activation_backward(dA, cache, activation):
    lin_cache, act_cache = cache
    if activation == "sigmoid":
        s, _ = sigmoid(act_cache)
        dZ = dA * s * (1 + s)  # FAULT: the derivative of the sigmoid is s (1 - s), not s (1 + s)
    elif activation == "relu":
        dZ = np.array(dA, copy=True)
        dZ[dA <= 0] = 0  # FAULT: the gradient is cut where dA is negative instead of where Z is
    dA_prev, dW, db = linear_backward(dZ, lin_cache)
    return dA_prev, dW, db
