import math


def sigmoid(z):
    e = math.exp(-z)  # FAULT: math.exp takes single numbers only and raises for arrays; np.exp is needed
    return 1 / (1 + e)
