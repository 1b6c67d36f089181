def compute_cost_with_regularization(A3, Y, parameters, lambd):
    m = Y.shape[1]
    total = 0.0
    for name in parameters:
        if not name.startswith("W"):
            continue
        for row in parameters[name]:
            for w in row:
                total += w * w
    return compute_cost(A3, Y) + lambd * total / m / 2
