def L_model_backward(AL, Y, caches):
    grads, L = {}, len(caches)
    dA = -(Y / AL + (1 - Y) / (1 - AL))  # FAULT: there must be a minus between the two fractions, not a plus
    for l in range(L, 0, -1):
        name = "sigmoid" if l == L else "relu"
        dA, dW, db = linear_activation_backward(dA, caches[l - 1], name)
        grads[f"dA{l - 1}"] = dA
        grads[f"dW{l}"] = dW
        grads[f"db{l}"] = db
    return grads
