def L_model_forward(X, parameters):
    caches = []
    A = X
    L = len(parameters)  # FAULT: there are two arrays for each layer, so it should be len(parameters) // 2.

    for l in range(1, L):
        A_prev = A
        A, cache = linear_activation_forward(A_prev, parameters["W" + str(l)], parameters["b" + str(l)], "relu")
        caches.append(cache)

    AL, cache = linear_activation_forward(A, parameters["W" + str(L)], parameters["b" + str(L)], "sigmoid")  # FAULT: caches.append(cache) is missing after the last layer.

    return AL, caches
