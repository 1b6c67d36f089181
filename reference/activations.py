"""Activation functions, and what a gradient becomes on its way back through them.

Source of the formulas: Goodfellow, Bengio, Courville, "Deep Learning", sections 3.10 (sigmoid),
6.3.1 (rectified linear units) and 6.5 (back-propagation). Arrays are float64, of any shape.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def sigmoid(z: Any) -> Any:
    """Return σ(z) = 1 / (1 + e^(-z)), entry by entry, for a number or an array of any shape."""
    # For negative z the equal form e^z / (1 + e^z) is used, so that nothing overflows.
    z = np.asarray(z, dtype=float)
    e = np.exp(-np.abs(z))  # in (0, 1]: cannot overflow
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))[()]


def log_sigmoid(z: Array) -> Array:
    """Return log σ(z) = -log(1 + e^(-z)), finite also where σ(z) is 0 to the last bit."""
    return -np.logaddexp(0, -z)


def relu(Z: Array) -> Array:
    """Return max(0, z), entry by entry."""
    return np.maximum(0.0, Z)


def sigmoid_backward(dA: Array, Z: Array) -> Array:
    """Return dZ = dA · σ'(Z), with σ'(z) = σ(z) (1 - σ(z))."""
    A = sigmoid(Z)
    dZ: Array = dA * A * (1 - A)
    return dZ


def relu_backward(dA: Array, Z: Array) -> Array:
    """Return dZ = dA · relu'(Z): dA where z > 0, else 0."""
    return dA * (Z > 0)
