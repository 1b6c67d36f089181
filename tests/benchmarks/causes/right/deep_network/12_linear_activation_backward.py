def linear_activation_backward(dA, cache, activation):
    (A_prev, W, b), Z = cache
    if activation == "sigmoid":
        slope = 1 / (2 + np.exp(Z) + np.exp(-Z))
    else:
        slope = np.heaviside(Z, 0.0)
    return linear_backward(np.multiply(dA, slope), (A_prev, W, b))
