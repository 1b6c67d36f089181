from functools import reduce


def compute_cost_with_regularization(A3, Y, parameters, lambd):
    frob2 = lambda M: np.linalg.norm(M) ** 2
    return reduce(
        lambda acc, l: acc + lambd / (2 * len(Y[0])) * frob2(parameters["W%d" % l]),
        range(1, 4),
        compute_cost(A3, Y),
    )
