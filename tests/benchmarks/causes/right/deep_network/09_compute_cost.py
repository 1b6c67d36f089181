def compute_cost(AL, Y):
    import math

    total, count = 0.0, 0
    for a, y in zip(AL.flatten(), Y.flatten()):
        # y log a + (1 - y) log(1 - a) = y logit(a) + log(1 - a)
        total -= y * math.log(a / (1 - a)) + math.log(1 - a)
        count += 1
    return total / count
