def L_model_forward(X, parameters):
    L = len(parameters) // 2

    def upto(l):
        """Activation of layer l and all the caches so far."""
        if l == 0:
            return X, []
        below, caches = upto(l - 1)
        A, cache = linear_activation_forward(below, parameters["W" + str(l)], parameters["b" + str(l)],
                                             "sigmoid" if l == L else "relu")
        caches.append(cache)
        return A, caches

    return upto(L)
