def linear_activation_forward(A_prev, W, b, activation):
    z, lin = linear_forward(A_prev, W, b)
    g = {"relu": relu, "sigmoid": sigmoid}[activation]
    a = g(z)  # FAULT: the helper returns the activation and a cache, so a is a pair; it should be a, act = g(z).
    return a, (z, lin)  # FAULT: the cache is in the wrong order; it should be (lin, z).
