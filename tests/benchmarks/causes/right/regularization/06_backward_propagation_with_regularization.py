def backward_propagation_with_regularization(X, Y, cache, lambd):
    grads = dict(backward_propagation(X, Y, cache))
    for name, position in (("dW1", 2), ("dW2", 6), ("dW3", 10)):
        grads[name] = grads[name] + cache[position] * (lambd / X.shape[1])
    return grads
