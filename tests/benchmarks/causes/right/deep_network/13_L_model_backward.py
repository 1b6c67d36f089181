def L_model_backward(AL, Y, caches):
    stack = list(caches)
    grads = {}
    d = (AL - Y) / (AL * (1 - AL))
    kind = "sigmoid"
    while stack:
        l = len(stack)
        d, grads[f"dW{l}"], grads[f"db{l}"] = linear_activation_backward(d, stack.pop(), kind)
        grads[f"dA{l - 1}"] = d
        kind = "relu"
    return grads
