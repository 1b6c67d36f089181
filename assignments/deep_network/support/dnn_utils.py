"""Activations that remember their input, and the way back through them."""

import activations
import numpy as np


def sigmoid(Z):
    """Return 1 / (1 + e^(-Z)), and Z as the cache for the way back."""
    return activations.sigmoid(Z), Z


def relu(Z):
    """Return Z where it is positive, else 0, and Z as the cache for the way back."""
    return activations.relu(Z), Z


def sigmoid_backward(dA, cache):
    """Return dZ, for the gradient dA behind a sigmoid, and its cache."""
    A = activations.sigmoid(cache)
    return dA * A * (1 - A)


def relu_backward(dA, cache):
    """Return dZ, for the gradient dA behind a relu, and its cache."""
    return np.where(cache > 0, dA, 0.0)
