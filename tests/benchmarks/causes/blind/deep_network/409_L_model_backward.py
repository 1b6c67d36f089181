def L_model_backward(AL, Y, caches):
    grads = {}
    L = len(caches)

    dAL = -(Y / AL + (1 - Y) / (1 - AL))  # FAULT: plus between the two fractions, should be minus

    dA_prev, dW, db = linear_activation_backward(dAL, caches[-1], activation="sigmoid")
    grads[f"dA{L-1}"] = dA_prev
    grads[f"dW{L}"] = dW
    grads[f"db{L}"] = db

    for l in range(L - 1, 1, -1):  # FAULT: stops at layer 2, layer 1 is left out; should be range(L - 1, 0, -1)
        dA_prev, db, dW = linear_activation_backward(dA_prev, caches[l - 1], activation="relu")  # FAULT: results unpacked in the wrong order, should be dA_prev, dW, db
        grads[f"dA{l-1}"] = dA_prev
        grads[f"dW{l}"] = dW
        grads[f"db{l}"] = db

    return grads
