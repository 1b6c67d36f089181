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
    sizes = [float(np.std(right)) for _, right in pairs]
    if not all(size > 0 for size in sizes) or sum(right.size for _, right in pairs) < LEAST:
        return None
    actual = np.concatenate([np.ravel(a) / s for (a, _), s in zip(pairs, sizes, strict=True)])
    right = np.concatenate([np.ravel(e) / s for (_, e), s in zip(pairs, sizes, strict=True)])
    if not np.any(actual):
        return None
    if _is_one_sided(actual) and not _is_one_sided(right):
        spread = float(np.std(actual) / abs(np.mean(actual)))
        return ("uniform_for_normal", {}) if abs(spread - UNIFORM) < UNIFORM / 3 else None
    ratio = float(np.std(actual) / np.std(right))
    is_multiple = np.allclose(actual, actual @ right / (right @ right) * right, rtol=1e-7)
    if is_multiple or ratio > RATIO or ratio < 1 / RATIO:
        return "other_scale", {}
    if 1 / SAME < ratio < SAME and abs(float(np.mean(actual) - np.mean(right))) < 0.5:
        return "other_draws", {}
    return None


def _is_one_sided(numbers: NDArray[Any]) -> bool:
    return bool(np.all(numbers >= 0) or np.all(numbers <= 0))
