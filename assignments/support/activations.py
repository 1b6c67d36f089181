"""The activation functions of the exercises: they take a number or an array of any shape."""

import numpy as np


def sigmoid(z):
    """Return 1 / (1 + e^(-z)), entry by entry."""
    with np.errstate(over="ignore"):  # where e^(-z) is infinite, the quotient is 0 all the same
        return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))


def relu(z):
    """Return z where it is positive, else 0, entry by entry."""
    return np.maximum(0, z)
