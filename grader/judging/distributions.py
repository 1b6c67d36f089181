"""Random numbers that are not the right ones: of another kind, another scale, or only others.

The right ones are known, too, and of all cases together there are enough to tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST = 30  # numbers, of all cases together
RATIO = 1.6  # of the scales, from which on they are said to differ
UNIFORM = 3**-0.5  # standard deviation over mean, of numbers that are uniform from 0 on
SAME = 1.25  # and up to which they are said not to

_Pair = tuple[NDArray[Any], NDArray[Any]]


def drawn(pairs: Sequence[_Pair]) -> tuple[str, Mapping[str, str]] | None:
    """Say how random numbers differ from those that are due, scaled to those of each case."""
    if all(right.size > 1 and _is_multiple(actual, right) for actual, right in pairs):
        return "other_scale", {}
    sizes = [float(np.std(right)) for _, right in pairs]
    if not all(size > 0 for size in sizes) or sum(right.size for _, right in pairs) < LEAST:
        return None
    actual = np.concatenate([np.ravel(a) / s for (a, _), s in zip(pairs, sizes, strict=True)])
    right = np.concatenate([np.ravel(e) / s for (_, e), s in zip(pairs, sizes, strict=True)])
    found = _compared(actual, right) if np.any(actual) else ""
    return (found, {}) if found else None


def _compared(actual: NDArray[Any], right: NDArray[Any]) -> str:
    """Say in which way numbers are of another kind, or of another scale, or only others."""
    if _is_one_sided(actual) and not _is_one_sided(right):
        spread = float(np.std(actual) / abs(np.mean(actual)))
        return "uniform_for_normal" if abs(spread - UNIFORM) < UNIFORM / 3 else ""
    ratio = float(np.std(actual) / np.std(right))
    if ratio > RATIO or ratio < 1 / RATIO:
        return "other_scale"
    is_alike = 1 / SAME < ratio < SAME and abs(float(np.mean(actual) - np.mean(right))) < 0.5
    return "other_draws" if is_alike else ""


def _is_multiple(actual: NDArray[Any], right: NDArray[Any]) -> bool:
    a, e = np.ravel(actual), np.ravel(right)
    return bool(np.any(a)) and np.allclose(a, a @ e / (e @ e) * e, rtol=1e-7, atol=0)


def _is_one_sided(numbers: NDArray[Any]) -> bool:
    return bool(np.all(numbers >= 0) or np.all(numbers <= 0))
