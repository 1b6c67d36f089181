"""Values that differ: which entries, by how much, and how that is told.

NaN and infinities: where the expected value is finite, they are wrong and told so; where it is
not, the same one is due in the same place.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.results import Comparison
from grader.spec import Tolerance
from grader.values import shape_text

# A rounding error of a sum is relative to its largest terms, not to a result that happens to be
# small: the absolute tolerance is this fraction of rtol times the largest expected entry.
ATOL_FRACTION = 1e-3
ATOL_FOR_ZEROS = 1e-12


def allowed_error(expected: NDArray[Any], tolerance: Tolerance) -> NDArray[np.float64]:
    """Return, entry by entry, how far the actual value may be from the expected one.

    |actual - expected| ≤ atol + rtol · |expected|, with atol = ATOL_FRACTION · rtol · max|expected|
    unless given (ATOL_FOR_ZEROS where every expected entry is zero). Integers and booleans must be
    equal.
    """
    if expected.dtype.kind in "biu":
        return np.zeros(expected.shape)
    size = np.abs(np.where(np.isfinite(expected), expected, 0))
    largest = size.max(initial=0.0)
    scaled = ATOL_FRACTION * tolerance.rtol * largest if largest else ATOL_FOR_ZEROS
    atol = scaled if tolerance.atol is None else tolerance.atol
    return np.asarray(atol + tolerance.rtol * size, dtype=float)


def value_fault(
    path: str, actual: NDArray[Any], expected: NDArray[Any], tolerance: Tolerance
) -> Comparison | None:
    """Return the fault of values that differ, or None; shapes and kinds are alike.

    The message gives the first wrong entry in numbers, the hidden one how far off the worst is: how
    many are wrong, and where, the student's code can choose by what it was given.
    """
    if actual.dtype == expected.dtype and np.array_equal(actual, expected):
        return None  # most are, and whole data sets are among them
    wrong, difference = _differences(actual, expected, tolerance)
    if not wrong.any():
        return None
    bad = ~np.isfinite(actual) & np.isfinite(expected)
    if actual.dtype.kind in "fc" and bad.any():
        said = (_not_finite(path, actual, bad, str(count)) for count in (bad.sum(), "some"))
        return Comparison(path, "value", *said)
    first = tuple(int(index) for index in np.argwhere(wrong)[0]) if wrong.ndim else ()
    numbers = f"is {_number(actual[first])} and should be {_number(expected[first])}"
    apart = _magnitude(difference[wrong], expected)
    if not first:
        hidden = f"`{path}` has the wrong value, off by {apart}."
        return Comparison(path, "value", f"`{path}` {numbers}.", hidden)
    place = ", ".join(map(str, first))
    count, some = (
        _count(path, wrong, shape_text(expected.shape), str(many)) for many in (wrong.sum(), "some")
    )
    return Comparison(
        path,
        "value",
        f"{count}: `{path}[{place}]` {numbers}.{_largest(wrong, difference)}",
        f"{some}, the worst off by {apart}.",
    )


def _count(path: str, wrong: NDArray[np.bool_], shape: str, many: str) -> str:
    if wrong.size == 1:
        return f"`{path}` has the right shape, {shape}, but its entry is wrong"
    count = f"all {wrong.size}" if wrong.all() else f"{many} of {wrong.size}"
    verb = "is" if many == "1" else "are"
    return f"`{path}` has the right shape, {shape}, but {count} entries {verb} wrong"


def _largest(wrong: NDArray[np.bool_], difference: NDArray[np.float64]) -> str:
    known = difference[wrong & ~np.isnan(difference)]  # none where infinities are due
    if wrong.sum() == 1 or not known.size:
        return ""
    return f" The largest difference is {_number(known.max())}."


def _differences(
    actual: NDArray[Any], expected: NDArray[Any], tolerance: Tolerance
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return which entries are wrong, and |actual - expected| (NaN where one is not finite)."""
    if actual.dtype.kind in "biu" and expected.dtype.kind in "biu":
        wrong = np.asarray(actual != expected)  # exact, also above 2⁵³
    else:
        wrong = np.zeros(expected.shape, dtype=bool)
    with np.errstate(all="ignore"):
        a, e = (x.astype(complex if x.dtype.kind == "c" else float) for x in (actual, expected))
        finite = np.isfinite(a) & np.isfinite(e)
        difference = np.where(finite, np.abs(a - e), np.nan)
        same_special = (np.isnan(a) & np.isnan(e)) | (a == e)
        wrong = wrong | np.where(
            finite, difference > allowed_error(expected, tolerance), ~same_special
        )
    return np.asarray(wrong), np.asarray(difference)


def _not_finite(path: str, actual: NDArray[Any], bad: NDArray[np.bool_], many: str) -> str:
    what = "NaN (not a number)" if np.isnan(actual[bad]).all() else "infinite or NaN"
    if not bad.ndim:
        return f"`{path}` is {what}."
    count = f"all {bad.size}" if bad.all() and many == "some" else f"{many} of {bad.size}"
    return f"`{path}` holds {what} in {count} entries."


def _magnitude(difference: NDArray[np.float64], expected: NDArray[Any]) -> str:
    """Say how far off, in powers of ten of the largest entry: no number can be read off it."""
    size = np.abs(expected[np.isfinite(expected)]).max(initial=0.0)
    with np.errstate(all="ignore"):
        relative = np.nanmax(difference, initial=0.0) / size if size else np.inf
    for bound, words in [(1e-4, "0.01 %"), (1e-2, "1 %"), (0.1, "10 %"), (1, "100 %")]:
        if relative <= bound:
            return f"up to {words}"
    return "more than 100 %"


def _number(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    return f"{value:.8g}" if np.isrealobj(value) else f"{complex(value):.8g}"
