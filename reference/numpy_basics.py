"""NumPy basics: functions of arrays, without loops.

Source of the formulas: Goodfellow, Bengio, Courville, "Deep Learning", sections 3.10 (sigmoid), 2.5
(norms) and 6.2.2.3 (softmax). Arrays are float64 unless said otherwise.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.activations import Array, sigmoid

__all__ = [
    "L1",
    "L2",
    "image2vector",
    "normalizeRows",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
]


def sigmoid_derivative(x: Any) -> Any:
    """Return σ'(x) = σ(x) (1 - σ(x)), entry by entry, for a number or an array of any shape."""
    s = sigmoid(x)
    return s * (1 - s)


def image2vector(image: NDArray[Any]) -> NDArray[Any]:
    """Turn an image (length, height, depth) into a column (length · height · depth, 1)."""
    return image.reshape(-1, 1)


def normalizeRows(x: Array) -> Array:  # noqa: N802 - the course's name
    """Divide every row of x (n, k) by its length ‖row‖ = sqrt(Σ x_j²); no row may be zero."""
    length = np.linalg.norm(x, axis=1, keepdims=True)  # (n, 1)
    normalized: Array = x / length  # (n, k)
    return normalized


def softmax(x: Array) -> Array:
    """Return e^x_ij / Σ_k e^x_ik for x (n, k): every row becomes positive and adds up to 1."""
    # The largest entry of a row is taken off first, which changes nothing but cannot overflow.
    e = np.exp(x - np.max(x, axis=1, keepdims=True))  # (n, k)
    s: Array = e / np.sum(e, axis=1, keepdims=True)  # (n, k)
    return s


def L1(yhat: Array, y: Array) -> Any:  # noqa: N802 - the course's name
    """Return the L1 loss Σ |y_i - ŷ_i|, a scalar, of the vectors yhat (m,) and y (m,)."""
    return np.sum(np.abs(y - yhat))


def L2(yhat: Array, y: Array) -> Any:  # noqa: N802 - the course's name
    """Return the L2 loss Σ (y_i - ŷ_i)², a scalar, of the vectors yhat (m,) and y (m,)."""
    return np.sum((y - yhat) ** 2)
