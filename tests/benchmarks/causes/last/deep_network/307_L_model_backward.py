def L_model_backward(AL, Y, caches):
    grads = {}
    L = len(caches)
    Y = Y.reshape(AL.shape)

    dAL = np.divide(Y, AL) - np.divide(1 - Y, 1 - AL)  # FAULT: the minus sign in front of the whole bracket is missing.

    dA_prev, dW, db = linear_activation_backward(dAL, caches[L - 1], "sigmoid")
    grads["dA" + str(L)] = dA_prev  # FAULT: what comes out of layer L is dA of layer L - 1 and should be stored under that name.
    grads["dW" + str(L)] = dW
    grads["db" + str(L)] = db

    for l in reversed(range(L - 1)):
        current_cache = caches[l]
        dA_temp, dW_temp, db_temp = linear_activation_backward(dA_prev, current_cache, "relu")  # FAULT: dA_prev should be renewed with dA_temp in each pass.
        grads["dA" + str(l + 1)] = dA_temp  # FAULT: layer l + 1 gives dA of layer l, so the key should be "dA" + str(l).
        grads["dW" + str(l + 1)] = dW_temp
        grads["db" + str(l + 1)] = db_temp

    return grads
