"""Central differences: the slope of a scalar function of an array, entry by entry.

Source: Press et al., "Numerical Recipes", section 5.7: the error of (f(x + h) - f(x - h)) / 2h is
least for h near the cube root of the rounding error, and relative to the size of x.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

STEP = np.finfo(float).eps ** (1 / 3)  # about 6e-6
SHORT_STEP = STEP / 100  # not as exact: about 1e-8
TOLERANCE = 1e-6  # relative; the differences themselves are exact to about 1e-9


def central_differences(
    function: Callable[[Any], Any], at: Any, step: float = STEP
) -> NDArray[np.float64]:
    """Return the gradient of a scalar function at an array (or a number), of the array's shape.

    The step is relative to the largest entry, or to 1 if that is larger.
    """
    point = np.array(at, dtype=float)
    step *= max(1.0, float(np.max(np.abs(point), initial=0.0)))
    gradient = np.zeros_like(point)
    for index in np.ndindex(point.shape):
        ends = []
        for sign in (1, -1):
            moved = point.copy()
            moved[index] += sign * step
            ends.append(float(function(moved[()])))
        gradient[index] = (ends[0] - ends[1]) / (2 * step)
    return gradient


def relative_difference(actual: Any, expected: NDArray[np.float64]) -> float:
    """Return the largest difference over the largest entry; infinite where the shapes differ."""
    array = np.asarray(actual, dtype=float)
    if array.shape != expected.shape:
        return float("inf")
    size = max(float(np.max(np.abs(expected), initial=0.0)), np.finfo(float).tiny)
    return float(np.max(np.abs(array - expected), initial=0.0)) / size


def off_by(gradient: Any, function: Callable[[Any], Any], at: Any) -> float:
    """Return by how much a gradient differs from central differences, of its largest entry.

    A kink within the step (a relu where Z is almost 0) makes a right gradient differ. A shorter
    step leaves nearly all of them outside, and a wrong gradient as wrong as it is.
    """
    difference = relative_difference(gradient, central_differences(function, at))
    if difference <= TOLERANCE:
        return difference
    short = central_differences(function, at, SHORT_STEP)
    return min(difference, relative_difference(gradient, short))
