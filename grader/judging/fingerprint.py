"""What a function does, condensed: equal for equal behaviour, up to rounding.

Thousands of wrong solutions are compared with what a student's function returned; kept whole,
their answers would fill memory. So of all numbers in a value only a few weighted sums are kept, and
of all else (structure, shapes, kinds, where it is not finite, text) a digest. Two values that
differ agree in every sum by an accident of about one in 10²⁰.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.compare import compare
from grader.spec import Question
from grader.values import NUMBER_TYPES, is_number, is_number_list, leaves

SUMS = 3
PRECISION = 1e-7  # of the sums, relative to the sum of what is summed up without its signs
_FREQUENCIES = (1.0, np.sqrt(2.0), np.sqrt(5.0))[:SUMS]


@dataclass(frozen=True)
class Fingerprint:
    """A digest of what is exact, weighted sums of the numbers, and the sum of their sizes."""

    form: bytes
    sums: tuple[float, ...]
    size: float

    def agrees(self, other: Fingerprint) -> bool:
        """Whether both are of the same behaviour."""
        if self.form != other.form:
            return False
        allowed = PRECISION * max(self.size, other.size)
        return all(abs(a - b) <= allowed for a, b in zip(self.sums, other.sums, strict=True))


class _Writer:
    """Adds up what is seen, in order."""

    def __init__(self) -> None:
        self._digest = hashlib.blake2b(digest_size=16)
        self._sums = np.zeros(SUMS)
        self._size, self._count = 0.0, 0

    def exact(self, *parts: object) -> None:
        """Add what has to be the same to the last character."""
        self._digest.update(repr(parts).encode())

    def numbers(self, array: NDArray[Any], scale: float = 0.0) -> None:
        """Add numbers that may differ by rounding.

        With a `scale`, what is larger counts by its logarithm: it would drown the rest.
        """
        flat = np.asarray(array).ravel()
        if flat.dtype.kind == "c":
            flat = flat.view(flat.real.dtype)
        with np.errstate(all="ignore"):
            values = flat.astype(float)
            finite = np.isfinite(values)
            if not finite.all():
                self._digest.update(np.where(finite, 0.0, values).tobytes())
            entries = np.where(finite, values, 0.0)
            if scale:
                entries = np.arcsinh(entries / scale)
        at = np.arange(self._count + 1, self._count + 1 + len(entries))
        for index, frequency in enumerate(_FREQUENCIES):
            self._sums[index] += float(np.sum(np.sin(frequency * at) * entries))
        self._size += float(np.sum(np.abs(entries)))
        self._count += len(entries)

    def done(self) -> Fingerprint:
        self.exact(self._count)
        return Fingerprint(
            self._digest.digest(), tuple(float(each) for each in self._sums), self._size
        )


@dataclass(frozen=True)
class Outcome:
    """What came of one call: a value, or the exception that was raised; else only the status."""

    status: str
    value: Any = None
    error_type: str = ""
    error_message: str = ""


def fingerprint(
    question: Question, outcomes: Iterable[Outcome], expected: Sequence[Any]
) -> Fingerprint:
    """Return the fingerprint of what a function did in all cases; `expected` are the right values.

    What the comparison lets pass is alike: an integer for a whole float, a list for a tuple, and
    whatever is returned beside what is due.
    """
    writer = _Writer()
    for outcome, due in zip(outcomes, expected, strict=True):
        writer.exact(outcome.status)
        if outcome.status == "returned":
            _write_value(writer, question, outcome.value, due)
        else:
            writer.exact(outcome.error_type, outcome.error_message)
    return writer.done()


def _write_value(writer: _Writer, question: Question, value: Any, due: Any) -> None:
    right = leaves(due, question.returns)
    comparisons = compare(question, value, due)
    found = {each.path: each for each in comparisons}
    actual = _leaves_of(question, value, right)
    for path, expected in right.items():
        fault = found[path].fault if path in found else "structure"
        numeric = path in actual and _is_numeric(actual[path])
        alike = fault in (None, "value")
        # Of what is of another shape or kind the message says how it is; of text, all there is.
        writer.exact(path, "" if alike and numeric else found[path].message)
        if numeric:
            size = float(np.max(np.abs(_finite(expected)), initial=0.0))
            writer.numbers(np.asarray(actual[path]), size or 1.0)


def _leaves_of(question: Question, value: Any, right: dict[str, Any]) -> dict[str, Any]:
    """Return the leaves of a returned value that stand where there is one in the right value."""
    if question.extra and isinstance(value, tuple) and len(value) > len(question.returns):
        value = value[: len(question.returns)] if len(question.returns) > 1 else value[0]
    if len(question.returns) > 1 and (
        not isinstance(value, tuple | list) or len(value) != len(question.returns)
    ):
        return {}
    found = leaves(value, question.returns)
    lists = {path for path, due in right.items() if is_number_list(due)}
    return {path: leaf for path, leaf in found.items() if path in right or path in lists}


def _is_numeric(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "biufc"
    return (is_number(value) or is_number_list(value)) and not _has_large_integers(value)


def _has_large_integers(value: Any) -> bool:
    numbers = value if isinstance(value, list) else [value]
    return any(isinstance(number, int) and abs(number) > 2**62 for number in numbers)


def _finite(value: Any) -> NDArray[Any]:
    if not _is_numeric(value):
        return np.zeros(0)
    array = np.asarray(value)
    finite: NDArray[Any] = array[np.isfinite(array)]
    return finite


def of_values(values: Iterable[Any]) -> Fingerprint | None:
    """Return the fingerprint of arrays and numbers, whatever axes of length one they have.

    None if there is something else among them.
    """
    writer = _Writer()
    for value in values:
        if not isinstance(value, (np.ndarray, *NUMBER_TYPES)) or not _is_numeric(value):
            return None
        array = np.squeeze(np.asarray(value))
        writer.exact(array.shape)
        writer.numbers(array)
    return writer.done()
