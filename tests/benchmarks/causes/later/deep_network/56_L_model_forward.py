def L_model_forward(X, parameters):
    caches = []
    A = X
    L = len(parameters) // 2
    ### START CODE HERE ###
    for l in range(1, L):
        A_prev = A
        A, cache = linear_activation_forward(A_prev, parameters["W" + str(l)], parameters["b" + str(l)], activation="relu")
        caches.append(cache)
    AL, cache = linear_activation_forward(A, parameters["W" + str(L)], parameters["b" + str(L)], activation="relu")  # FAULT: the last layer has the wrong activation; it should be "sigmoid".
    ### END CODE HERE ###
    return AL, caches  # FAULT: the last layer's cache was not appended; caches.append(cache) should come before.
