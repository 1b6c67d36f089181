"""One returned value against the expected one: kind, structure, shape, dtype, values.

Actual first, expected second. `np.allclose` alone would be a hole: it broadcasts, so that `0.69`
equals `[]` and `(3,)` equals `(3, 1)`; it ignores dtypes; and its absolute tolerance makes all
small numbers equal. So each step is taken only when the one before it holds, and the first that
does not names the fault. Values are the last step (`grader.judging.differences`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.errors import near_miss
from grader.judging.differences import value_fault
from grader.results import Comparison, Fault
from grader.spec import DtypeKind, Question, Tolerance
from grader.values import (
    addresses,
    describe,
    is_leaf,
    is_number,
    is_number_list,
    parts,
    root,
    shape_text,
)
from grader.wire import ForeignArray

KINDS: dict[str, DtypeKind] = {
    "b": "bool",
    "i": "integer",
    "u": "integer",
    "f": "float",
    "c": "complex",
}
_FLOATS = np.dtype(float)
KIND_WORDS: dict[DtypeKind, str] = {
    "bool": "True and False",
    "integer": "integers",
    "float": "floats",
    "complex": "complex numbers",
}


def compare(question: Question, actual: Any, expected: Any) -> list[Comparison]:
    """Compare a returned value with the expected one; return one Comparison for each leaf.

    The elements of a tuple are named by `question.returns`; a list of the right length may stand
    for the tuple.
    """
    names = question.returns
    if question.extra and isinstance(actual, tuple) and len(actual) > len(names):
        actual = actual[: len(names)] if len(names) > 1 else actual[0]
    if actual is None and expected is not None:
        return [_nothing(question, path) for path in addresses(expected, names)]
    if len(names) == 1:
        return list(_compare(question, names[0], actual, expected))
    if not isinstance(actual, tuple | list) or len(actual) != len(names):
        fault: Fault = "structure" if isinstance(actual, tuple | list) else "kind"
        due = f"{len(names)} values ({', '.join(f'`{name}`' for name in names)}) must be returned"
        yours = f"yours returns {describe(actual)}"
        return [_wrong(path, fault, due, yours) for path in addresses(expected, names)]
    return [
        comparison
        for name, part, due_part in zip(names, actual, expected, strict=True)
        for comparison in _compare(question, name, part, due_part)
    ]


def _nothing(question: Question, path: str) -> Comparison:
    if question.kind == "variable":
        message = f"`{path}` is None: it is not filled in yet."
    else:
        message = "Nothing (None) is returned: is a `return` missing, or is it not filled in yet?"
    return Comparison(path, "kind", message, message)


def _compare(question: Question, path: str, actual: Any, expected: Any) -> Iterator[Comparison]:
    if is_leaf(expected):
        yield _compare_leaf(path, actual, expected, tolerance_for(question, path))
    elif isinstance(expected, dict):
        yield from _compare_dict(question, path, actual, expected)
    else:
        yield from _compare_sequence(question, path, actual, expected)


def tolerance_for(question: Question, path: str) -> Tolerance:
    """Return the tolerance of an address: its own, that of its root, or the question's."""
    return question.tolerances.get(path, question.tolerances.get(root(path), question.tolerance))


# ---------------------------------------------------------------- structure


def _compare_dict(
    question: Question, path: str, actual: Any, expected: dict[Any, Any]
) -> Iterator[Comparison]:
    if not isinstance(actual, dict):
        yield from _all_wrong(path, expected, _due(path, "kind", actual, expected))
        return
    if not actual:
        yield from _all_wrong(path, expected, _due(path, "structure", actual, expected))
        return
    for key, below, part in parts(expected, path):
        if key in actual and _is_plain_key(key):
            yield from _compare(question, below, actual[key], part)
        else:
            yield from _all_wrong(below, part, _missing_key(path, key, actual, expected))


def _is_plain_key(key: Any) -> bool:
    """Whether a key came over the wire as it was: of others none is known to be another's equal."""
    if isinstance(key, tuple):
        return all(map(_is_plain_key, key))
    return key is None or isinstance(key, str) or is_number(key)


def _missing_key(
    path: str, key: Any, actual: dict[Any, Any], expected: dict[Any, Any]
) -> Comparison:
    close = near_miss(str(key), (str(each) for each in actual if _is_name(each, expected)))
    keys = ", ".join(f"{other!r:.40}" for other in list(actual)[:12]) or "no keys"
    hint = f"it has {close!r}: is that the one?" if close else f"it has {keys}"
    missing = f"`{path}` has no key {key!r}"
    return replace(_wrong(path, "structure", missing, hint), hidden_message=f"{missing}.")


def _is_name(key: Any, expected: dict[Any, Any]) -> bool:
    """Whether a key may be another's in other words; large numbers cost much to be written."""
    is_short = isinstance(key, str) or (isinstance(key, int) and key.bit_length() <= 64)
    return is_short and key not in expected


def _compare_sequence(
    question: Question, path: str, actual: Any, expected: Any
) -> Iterator[Comparison]:
    if not isinstance(actual, tuple | list):
        yield from _all_wrong(path, expected, _due(path, "kind", actual, expected))
    elif len(actual) != len(expected):
        yield from _all_wrong(path, expected, _due(path, "structure", actual, expected))
    else:
        for index, below, part in parts(expected, path):
            yield from _compare(question, below, actual[index], part)


def _all_wrong(path: str, expected: Any, fault: Comparison) -> Iterator[Comparison]:
    """Give every leaf below a path the same fault."""
    for leaf in addresses(expected, (path,)):
        yield replace(fault, path=leaf)


def _due(path: str, fault: Fault, actual: Any, expected: Any) -> Comparison:
    due = f"`{path}` must be {describe(expected)}"
    return _wrong(path, fault, due, f"yours is {describe(actual)}")


def _wrong(path: str, fault: Fault, due: str, yours: str) -> Comparison:
    full_stop = "" if yours.endswith("?") else "."
    return Comparison(path, fault, f"{due}; {yours}{full_stop}", f"{due}; yours {_UNLIKE[fault]}.")


_UNLIKE: dict[Fault, str] = {
    "kind": "is of another kind",
    "structure": "is built in another way",
    "shape": "has another shape",
    "dtype": "has another dtype",
    "value": "has another value",
}


# ---------------------------------------------------------------- leaves


def _compare_leaf(path: str, actual: Any, expected: Any, tolerance: Tolerance) -> Comparison:
    if is_number_list(expected):
        return _compare_number_list(path, actual, expected, tolerance)
    if is_number(expected) or isinstance(expected, np.ndarray):
        return _compare_numeric(path, actual, expected, tolerance)
    if isinstance(expected, dict | tuple):
        return _compare_empty(path, actual, expected)
    return _compare_exact(path, actual, expected)


def _compare_empty(
    path: str, actual: Any, expected: dict[Any, Any] | tuple[Any, ...]
) -> Comparison:
    """Compare with an empty dictionary or tuple; for a tuple, an empty list will do."""
    if not isinstance(actual, dict if isinstance(expected, dict) else tuple | list):
        return _due(path, "kind", actual, expected)
    return _due(path, "structure", actual, expected) if actual else Comparison(path)


def _compare_exact(path: str, actual: Any, expected: Any) -> Comparison:
    """Compare None and strings; nothing else is ever right, whatever it says it equals."""
    if type(actual) is not type(expected) or not isinstance(expected, str | None):
        return _due(path, "kind", actual, expected)
    if actual != expected:
        message = f"`{path}` must be {expected!r:.80}; yours is {actual!r:.80}."
        return Comparison(path, "value", message, f"`{path}` is not the right one.")
    return Comparison(path)


def _compare_number_list(
    path: str, actual: Any, expected: list[Any], tolerance: Tolerance
) -> Comparison:
    """Compare a list of numbers; a tuple or a flat array of them will do."""
    is_flat = isinstance(actual, np.ndarray) and actual.ndim == 1
    if not is_flat and not isinstance(actual, list | tuple):
        due = f"`{path}` must be a list of numbers"
        return _wrong(path, "kind", due, f"yours is {describe(actual)}")
    if len(actual) != len(expected):
        due = f"`{path}` must have {_entries(len(expected))}"
        return _wrong(path, "structure", due, f"yours has {len(actual)}")
    actual = list(actual)
    for index, item in enumerate(actual):
        if not is_number(item):
            fault: Fault = "shape" if isinstance(item, np.ndarray) else "kind"
            found = _due(f"{path}[{index}]", fault, item, expected[index])
            hidden = f"`{path}` must be a list of numbers; an entry of yours {_UNLIKE[fault]}."
            return replace(found, path=path, hidden_message=hidden)
    due_array = _array(expected, _FLOATS)
    numeric = _compare_numeric(path, _array(actual, due_array.dtype), due_array, tolerance)
    shape = f"right shape, {shape_text((len(expected),))},"  # a list has a length
    return replace(
        numeric,
        message=numeric.message.replace(shape, "right length"),
        hidden_message=numeric.hidden_message.replace(shape, "right length"),
    )


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _compare_numeric(path: str, actual: Any, expected: Any, tolerance: Tolerance) -> Comparison:
    if (
        tolerance.one_entry
        and isinstance(actual, np.ndarray)
        and actual.size == np.size(expected) == 1
    ):
        actual = actual.reshape(np.shape(expected))
    fault = _numeric_kind_fault(path, actual, expected) or _shape_fault(path, actual, expected)
    if fault:
        return fault
    expected_array = _array(expected, _FLOATS)  # a known mistake may give what no dtype holds
    actual_array = _array(actual, expected_array.dtype)
    return (
        _dtype_fault(path, actual_array, expected_array, tolerance)
        or value_fault(path, actual_array, expected_array, tolerance)
        or Comparison(path)
    )


def _array(value: Any, like: np.dtype[Any]) -> NDArray[Any]:
    """Return numbers as an array; integers that no dtype holds become the largest, or floats."""
    array = np.asarray(value)
    if array.dtype != object:
        return array
    numbers = [_bounded(number) for number in array.ravel()]
    if like.kind in "iu" and all(isinstance(number, int) for number in array.ravel()):
        numbers = [max(-(2**63), min(int(number), 2**63 - 1)) for number in array.ravel()]
    return np.array(numbers).reshape(array.shape)


def _bounded(number: Any) -> Any:
    if isinstance(number, complex | np.complexfloating):
        return complex(number)
    try:
        return float(number)
    except OverflowError:
        return np.inf if number > 0 else -np.inf


def _numeric_kind_fault(path: str, actual: Any, expected: Any) -> Comparison | None:
    if is_number(actual) or isinstance(actual, np.ndarray | ForeignArray):
        return None
    return _due(path, "kind", actual, expected)


def _shape_fault(path: str, actual: Any, expected: Any) -> Comparison | None:
    actual_shape = actual.shape if isinstance(actual, ForeignArray) else np.shape(actual)
    if actual_shape != np.shape(expected):
        return _due(path, "shape", actual, expected)
    if isinstance(actual, ForeignArray):
        due = KIND_WORDS[KINDS[np.asarray(expected).dtype.kind]]
        yours = f"yours has the dtype {actual.dtype}"
        return _wrong(path, "dtype", f"`{path}` must hold {due}", yours)
    return None


def _dtype_fault(
    path: str, actual: NDArray[Any], expected: NDArray[Any], tolerance: Tolerance
) -> Comparison | None:
    found = KINDS[actual.dtype.kind]
    due = tolerance.dtypes or (KINDS[expected.dtype.kind],)
    # A single whole number may be an int where a float is due: b = 0 is as right as b = 0.0.
    if found in due or (expected.ndim == 0 and found == "integer" and "float" in due):
        return None
    if expected.ndim == 0:
        message = f"`{path}` must be of type {' or '.join(due)}; yours is {found}."
    else:
        words = " or ".join(KIND_WORDS[kind] for kind in due)
        message = f"`{path}` must hold {words}; yours holds {KIND_WORDS[found]} ({actual.dtype})."
    return Comparison(path, "dtype", message, message)  # words from a fixed list: safe to show
