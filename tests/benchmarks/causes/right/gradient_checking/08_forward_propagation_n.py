def forward_propagation_n(X, Y, parameters):
    activations = {1: relu, 2: relu, 3: sigmoid}
    cache, A = [], X
    for l, g in activations.items():
        W, b = parameters[f"W{l}"], parameters[f"b{l}"]
        Z = W @ A + b
        A = g(Z)
        cache.extend((Z, A, W, b))
    cost = -np.average(np.where(Y == 1, np.log(A), np.log(1 - A)))
    return cost, tuple(cache)
