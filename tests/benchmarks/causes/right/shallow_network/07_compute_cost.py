def compute_cost(A2, Y):
    import math

    J = 0.0
    for a, y in zip(A2.ravel().tolist(), Y.ravel().tolist()):
        J -= y * math.log(a) + (1 - y) * math.log(1 - a)
    return J / Y.size
