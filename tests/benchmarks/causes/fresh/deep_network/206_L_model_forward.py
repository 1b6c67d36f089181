def L_model_forward(X, parameters):
    caches = []
    A = X
    L = len(parameters) // 2                  # number of layers in the neural network

    # Implement [LINEAR -> RELU]*(L-1)
    for l in range(1, L):
        A, cache = linear_activation_forward(A, parameters["W" + str(l)], parameters["b" + str(l)], "relu")
        caches = [cache]  # FAULT: the list is replaced in every layer and forgets the earlier caches; it should be caches.append(cache).

    # Implement LINEAR -> SIGMOID
    AL, cache = linear_activation_forward(A, parameters["W" + str(L)], parameters["b" + str(L)], "relu")  # FAULT: the last layer uses the relu; it should be "sigmoid".
    caches.append(cache)

    return caches, AL  # FAULT: the two are returned in the wrong order; it should be AL, caches.
