def L_model_backward(AL, Y, caches):
    grads = {}
    L = len(caches)  # the number of layers
    m = AL.shape[1]
    Y = Y.reshape(AL.shape)

    # Initializing the backpropagation
    dAL = -(np.divide(Y, AL) + np.divide(1 - Y, 1 - AL))  # FAULT: the second quotient is added; it should be subtracted.

    # Lth layer (SIGMOID -> LINEAR) gradients
    current_cache = caches[L - 1]
    grads["dA" + str(L - 1)], grads["dW" + str(L)], grads["db" + str(L)] = linear_activation_backward(dAL, current_cache, "sigmoid")

    for l in reversed(range(L - 1)):
        # lth layer: (RELU -> LINEAR) gradients
        current_cache = caches[l]
        dA_prev, dW, db = linear_activation_backward(grads["dA" + str(L - 1)], current_cache, "relu")  # FAULT: every layer begins with the last dA; it should be "dA" + str(l + 1).
        grads["dA" + str(l)] = dA_prev
        grads["dW" + str(l)] = dW  # FAULT: the name is one too low, since l counts from 0; it should be "dW" + str(l + 1).
        grads["db" + str(l)] = db  # FAULT: the name is one too low, since l counts from 0; it should be "db" + str(l + 1).

    return grads
