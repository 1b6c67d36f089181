def linear_activation_forward(A_prev, W, b, activation):
    Z, linear_cache = linear_forward(A_prev, W, b)

    if activation == "sigmoid":
        A = sigmoid(Z)  # FAULT: sigmoid returns the pair (A, Z), which is not unpacked, so A is a tuple
    elif activation == "relu":
        A = relu(Z)  # FAULT: relu returns the pair (A, Z), which is not unpacked, so A is a tuple

    cache = (linear_cache, Z)
    return A, cache
