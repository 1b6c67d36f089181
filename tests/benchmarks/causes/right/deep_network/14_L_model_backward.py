def L_model_backward(AL, Y, caches):
    L = len(caches)
    result = {}

    def back(l, dA):
        if l == 0:
            return
        if l == L:  # sigmoid and cross-entropy together
            dZ = AL - Y
        else:
            dZ = np.where(caches[l - 1][1] > 0, dA, 0)
        three = linear_backward(dZ, caches[l - 1][0])
        result.update(zip((f"dA{l-1}", f"dW{l}", f"db{l}"), three))
        back(l - 1, three[0])

    back(L, None)
    return result
