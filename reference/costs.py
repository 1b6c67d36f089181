"""Costs: how far the activations A (1, m) of the output unit are from the labels Y (1, m).

Source of the formulas: Goodfellow, Bengio, Courville, "Deep Learning", sections 5.5 (cross-entropy)
and 5.1.4 (mean squared error).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.activations import Array


def cross_entropy(A: Array, Y: Array) -> Any:
    """Return J = -1/m Σ [y log a + (1 - y) log(1 - a)], a scalar."""
    m = Y.shape[1]
    with np.errstate(divide="ignore"):
        log_A = np.where(Y > 0, np.log(np.where(Y > 0, A, 1.0)), 0.0)  # 0 · log 0 counts as 0
        log_1_minus_A = np.where(Y < 1, np.log1p(-np.where(Y < 1, A, 0.0)), 0.0)
    return -np.sum(Y * log_A + (1 - Y) * log_1_minus_A) / m


def mean_squared_error(A: Array, Y: Array) -> Any:
    """Return J = 1/m Σ (a - y)², a scalar."""
    m = Y.shape[1]
    return np.sum((A - Y) ** 2) / m
