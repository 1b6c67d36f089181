def L_model_backward(AL, Y, caches):
    grads = {}
    L = len(caches)
    dAL = -(np.divide(Y, AL) - np.divide(1 - Y, 1 - AL))
    dA, dW, db = linear_activation_backward(dAL, caches[L - 1], activation="sigmoid")
    grads["dA" + str(L - 1)] = dA
    grads["dW" + str(L)] = dW
    grads["db" + str(L)] = db

    for l in range(L - 1):  # FAULT: goes through the layers forwards, from the first one, instead of backwards
        dA, dW, db = linear_activation_backward(grads["dA" + str(l + 1)], caches[l], activation="relu")
        grads["dA" + str(l)] = dA
        grads["dW" + str(l)] = dW  # FAULT: the gradient of layer l + 1 is stored under the number l
        grads["db" + str(l)] = db  # FAULT: the gradient of layer l + 1 is stored under the number l
    return grads
