def L2(yhat, y):
    from functools import reduce

    return reduce(lambda acc, pair: acc + (pair[0] - pair[1]) ** 2, zip(y, yhat), 0.0)
