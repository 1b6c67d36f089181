def L_model_forward(X, parameters):
    from functools import reduce

    depth = sum(1 for key in parameters if key.startswith("W"))

    def step(state, l):
        A, caches = state
        A, cache = linear_activation_forward(A, parameters[f"W{l}"], parameters[f"b{l}"], ("relu", "sigmoid")[l == depth])
        return A, caches + [cache]

    return reduce(step, range(1, depth + 1), (X, []))
