def L_model_backward(AL, Y, caches):
    grads = {}
    L = len(caches)
    Y = Y.reshape(AL.shape)
    dAL = np.divide(Y, AL) - np.divide(1 - Y, 1 - AL)  # FAULT: the minus sign in front is missing; it should be -(Y / AL - (1 - Y) / (1 - AL)).
    dA_last, dW, db = linear_activation_backward(dAL, caches[L - 1], "sigmoid")
    grads["dA" + str(L - 1)] = dA_last
    grads["dW" + str(L)] = dW
    grads["db" + str(L)] = db
    for l in range(L - 1, 0, -1):
        dA, dW, db = linear_activation_backward(grads["dA" + str(l)], caches[l - 1], "relu")
        grads["dA" + str(l)] = dA  # FAULT: what comes out of layer l belongs under dA(l-1), str(l - 1).
        grads["dW" + str(l)] = dW
        grads["db" + str(l)] = grads["db" + str(L)]  # FAULT: the last layer's bias gradient is stored again; it should be this layer's db.
    return grads
