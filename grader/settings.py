"""What an instructor may write for a setting, checked where it is written."""

from __future__ import annotations

import keyword
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from grader.errors import CourseError
from grader.spec import Tolerance

_Fits = Callable[[Any], bool]


def is_amount(value: object) -> bool:
    """Whether it is a finite number, zero or more, and not True or False."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and value >= 0  # type: ignore[arg-type, operator]


def is_name(value: object) -> bool:
    """Whether it is a name in Python."""
    return isinstance(value, str) and value.isidentifier() and not keyword.iskeyword(value)


def _is_names(value: object) -> bool:
    return isinstance(value, tuple | list) and all(map(is_name, value))


def _is_roots(value: object) -> bool:
    """Whether it is what addresses begin with: any text will do."""
    roots = value if isinstance(value, tuple | list) else (value,)
    return all(isinstance(root, str) and root for root in roots) and len({*roots}) == len(roots)


def _is_seed(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**32


def _is_pattern(value: object) -> bool:
    try:
        re.compile(value)  # type: ignore[call-overload]
    except (re.error, TypeError):
        return False
    return isinstance(value, str)


def _maps_texts(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(key, str) for key in value)


_NAMES = (_is_names, "a tuple or list of names")
_RULES: dict[str, tuple[_Fits, str]] = {
    "points": (is_amount, "a number, 0 or more"),
    "returns": (_is_roots, "a text, or a tuple or list of different ones"),
    "rtol": (is_amount, "a number, 0 or more"),
    "tolerances": (lambda value: value is None or _maps_texts(value), "a dictionary by address"),
    "helpers": _NAMES,
    "expects": _NAMES,
    "printed": (lambda value: value is None or _is_pattern(value), "a regular expression"),
    "extra": (lambda value: isinstance(value, bool), "True or False"),
    "unused": _NAMES,
    "reads": _NAMES,
    "aliases": _NAMES,
    "seed": (lambda value: value is None or _is_seed(value), "an integer from 0 to 2**32 - 1"),
    "shares": (
        lambda value: value is None or (_maps_texts(value) and all(map(is_amount, value.values()))),
        "a dictionary of numbers by address",
    ),
}
_OF_TOLERANCE: dict[str, tuple[_Fits, str]] = {
    "rtol": (is_amount, "a number, 0 or more"),
    "atol": (lambda value: value is None or is_amount(value), "a number, 0 or more"),
    "dtypes": (
        lambda value: (
            isinstance(value, tuple | list) and {*value} <= {"bool", "integer", "float", "complex"}
        ),
        "a tuple or list of 'bool', 'integer', 'float' or 'complex'",
    ),
    "one_entry": (lambda value: isinstance(value, bool), "True or False"),
}


def check_settings(settings: Mapping[str, Any], file: str, line: int, question: str) -> None:
    """Check what a question is given. Raises CourseError for the first that is of no use."""
    reason = _wrong(settings, _RULES) or "".join(
        f"tolerances[{address!r}]: {fault}"
        for address, each in (settings["tolerances"] or {}).items()
        if isinstance(each, Tolerance)
        and (fault := _wrong({name: getattr(each, name) for name in _OF_TOLERANCE}, _OF_TOLERANCE))
    )
    if reason:
        raise CourseError(reason, file=file, line=line, question=question)


def check_text(setting: str, value: object, file: str, line: int, about: str) -> None:
    """Check what is shown to students. Raises CourseError."""
    if not isinstance(value, str):
        reason = f"'{about}': {setting}={value!r:.80}; expected a text"
        raise CourseError(reason, file=file, line=line)


def _wrong(settings: Mapping[str, Any], rules: Mapping[str, tuple[_Fits, str]]) -> str:
    for name, value in settings.items():
        fits, due = rules[name]
        if not fits(value):
            return f"{name}={value!r:.80}; expected {due}"
    return ""
