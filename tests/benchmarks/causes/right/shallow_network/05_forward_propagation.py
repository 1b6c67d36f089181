def forward_propagation(X, parameters):
    p = parameters
    cache = {}
    A = X
    for l, g in enumerate((np.tanh, sigmoid), start=1):
        cache[f"Z{l}"] = np.einsum("ij,jm->im", p[f"W{l}"], A) + p[f"b{l}"]
        A = cache[f"A{l}"] = g(cache[f"Z{l}"])
    return A, cache
