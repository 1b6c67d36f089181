def L_model_forward(X, parameters):
    L = len(parameters) // 2
    a = X
    all_caches = {}  # FAULT: the caches are collected in a dictionary instead of a list
    for i in range(1, L):
        a, c = linear_activation_forward(a, parameters["W" + str(i)], parameters["b" + str(i)], "sigmoid")  # FAULT: the hidden layers must have the relu, not the sigmoid
        all_caches["cache" + str(i)] = c
    a, c = linear_activation_forward(a, parameters["W" + str(L)], parameters["b" + str(L)], "sigmoid")
    all_caches["cache" + str(L)] = c
    AL = (a > 0.5).astype(float)  # FAULT: turns the probabilities into labels 0 and 1, which is no part of the forward pass
    return AL, all_caches
