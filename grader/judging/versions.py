"""Errors that an older NumPy may not have raised: the notebook was written for that one.

The messages are those of NumPy 1.24 to 2.4; what was removed when stands in its release notes.
"""

from __future__ import annotations

import re

import numpy as np

from grader.results import RaisedError

# Names that are gone, beside those of whose removal NumPy's own message tells.
_REMOVED = (
    *("alltrue", "cumproduct", "float_", "in1d", "Inf", "infty", "NaN", "product", "sometrue"),
    *("trapz",),
)

_RULES: tuple[tuple[str, str, str], ...] = (
    (
        "AttributeError",
        r"module 'numpy' has no attribute '(float|int|bool|object|str|complex)'",
        "Before version 1.24, NumPy had `np.{0}` as a name for Python's own `{0}`: write that.",
    ),
    (
        "AttributeError",
        r"`np\.(\w+)` was removed in the NumPy (?:\d\S*) release",
        "Older versions of NumPy had it.",
    ),
    (
        "AttributeError",
        rf"module 'numpy' has no attribute '({'|'.join(_REMOVED)})'",
        "Older versions of NumPy had it.",
    ),
    (
        "TypeError",
        r"only 0-dimensional arrays can be converted to Python scalars",
        "Where the array has a single entry, this passed before NumPy 2.4.",
    ),
    (
        "TypeError",
        r"Calling np\.sum\(generator\) is deprecated",
        "Before version 2.4, `np.sum` added up a generator; Python's own `sum` does.",
    ),
    (
        "ValueError",
        r"setting an array element with a sequence\.$",
        "Where the array has a single entry, this passed before NumPy 2.4.",
    ),
    (
        "ValueError",
        r"setting an array element with a sequence\. The requested array has an inhomogeneous",
        "Before version 1.24, NumPy made an array of objects of rows that differ in length.",
    ),
)


def version_note(error: RaisedError) -> str:
    """Say what an older NumPy would have let pass of what raised; nothing if it would not."""
    for kind, pattern, note in _RULES:
        found = re.match(pattern, error.message) if error.type == kind else None
        if found:
            return f"{note.format(*found.groups())} (NumPy {np.__version__} runs here.)"
    return ""
