def backward_propagation_with_regularization(X, Y, cache, lambd):
    gradients = backward_propagation(X, Y, cache)
    m = X.shape[1]
    for l in [1, 2, 3]:
        W = cache[4 * l - 1]  # FAULT: W of layer l is at index 4 * l - 2, index 4 * l - 1 is b
        gradients["dW" + str(l)] = gradients["dW" + str(l)] + lambd / m * W
    return gradients
