def update_parameters(parameters, grads, learning_rate=1.2):
    import copy

    fresh = copy.deepcopy(parameters)
    for key, slope in grads.items():
        target = key[1:]
        if target in fresh:
            fresh[target] = fresh[target].astype(float)
            fresh[target] -= slope * learning_rate
    return fresh
