def L_model_forward(X, parameters):
    caches = []
    A = X
    L = len(parameters)  # FAULT: this counts arrays; the number of layers is len(parameters) // 2.
    for l in range(1, L):
        A_prev = A
        A, cache = linear_activation_forward(A_prev, parameters["W" + str(l)], parameters["b" + str(l)], "relu")
        caches.append(cache)
    AL, cache = linear_activation_forward(A, parameters["W" + str(L)], parameters["b" + str(L)], "sigmoid")
    caches.append(cache)
    return AL, caches
