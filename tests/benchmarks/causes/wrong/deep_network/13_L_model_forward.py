def L_model_forward(X, parameters):
    caches = []
    A = X
    L = len(parameters) // 2

    for l in range(1, L):
        A_prev = A
        A, cache = linear_activation_forward(A_prev,
                                             parameters["W" + str(l)],
                                             parameters["b" + str(l)],
                                             activation="relu")
        caches.append(cache)

    AL, cache = linear_activation_forward(A,  # FAULT: the cache of this last layer is never appended to caches
                                          parameters["W" + str(L)],
                                          parameters["b" + str(L)],
                                          activation="relu")  # FAULT: the last layer must have the sigmoid, not the relu
    return AL, caches
