def L_model_backward(AL, Y, caches):
    grads = {}
    L = len(caches)
    m = AL.shape[1]
    Y = Y.reshape(AL.shape)

    dAL = -(Y / AL - (1 - Y) / (1 - AL)) / m  # FAULT: divides by m here, although linear_backward does so already
    grads[f"dA{L-1}"], grads[f"dW{L}"], grads[f"db{L}"] = linear_activation_backward(dAL, caches[-1], "relu")  # FAULT: the last layer has the sigmoid, not the relu

    for l in range(L - 1, 1, -1):  # FAULT: the loop ends before layer 1, which gets no gradients
        dA, dW, db = linear_activation_backward(grads[f"dA{l}"], caches[l - 1], "relu")
        grads[f"dA{l-1}"] = dA
        grads[f"dW{l}"] = dW
        grads[f"db{l}"] = db
    return grads
