import math

_one = np.vectorize(lambda t: 1.0 / (1.0 + math.exp(-t)), otypes=[float])


def sigmoid(z):
    return _one(z)
