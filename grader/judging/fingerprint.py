"""What a function does, condensed: equal for equal behaviour, up to rounding.

Thousands of wrong solutions are compared with what a student's function returned; kept whole,
their answers would fill memory. So of all numbers in a value only a few weighted sums are kept, and
of all else (structure, shapes, kinds, where it is not finite, text) a digest. Two values that
differ agree in every sum by an accident of about one in 10²⁰.
"""

from __future__ import annotations

import hashlib
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.compare import compare, tolerance_for
from grader.spec import Question
from grader.values import NUMBER_TYPES, is_leaf, is_number, is_number_list, leaves, parts

SUMS = 3
PRECISION = 1e-7  # of the sums, relative to the sum of what is summed up without its signs
STEPS = 20  # an identifier divides that sum into 2²⁰ steps or up to twice as many
# What is summed up is in units of what is expected: a ten-millionth of one of these is rounding.
# Of intermediates nothing is expected; numbers of about one are computed to some 1e-16.
_LEAST_SIZE, _LEAST_SIZE_OF_VALUES = 1.0, 1e-9
_FREQUENCIES = np.sqrt([1.0, 2.0, 5.0][:SUMS])
# The n-th number weighs sin(frequency · n). In blocks, by the sum of two angles, these few will do.
_BLOCK = 1024
_ANGLES = _FREQUENCIES[:, np.newaxis] * np.arange(1, _BLOCK + 1)
_SIN, _COS = np.sin(_ANGLES).T, np.cos(_ANGLES).T


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

    def identifier(self, salt: bytes = b"") -> str:
        """Return 16 hexadecimal digits that are the same for the same behaviour.

        The sums are rounded to steps of one to two millionths of `size`, about six significant
        digits. Two that agree have different identifiers if a sum lies on the border between two
        steps, or `size` at a power of two: with numbers rounded to 16 digits, about one pair in
        10⁸. So it may rarely take one behaviour for two; two that differ by more than a step are
        never taken for one.
        """
        exponent = math.frexp(self.size)[1] - STEPS
        steps = [round(math.ldexp(each, -exponent)) for each in self.sums]
        digest = hashlib.blake2b(self.form, digest_size=8, key=salt[: hashlib.blake2b.MAX_KEY_SIZE])
        digest.update(repr((exponent, steps)).encode())
        return digest.hexdigest()


class _Writer:
    """Adds up what is seen, in order."""

    def __init__(self, least_size: float) -> None:
        self._digest = hashlib.blake2b(digest_size=16)
        self._sums = np.zeros(SUMS)
        self._least_size, self._size, self._count = least_size, 0.0, 0

    def exact(self, *parts: object) -> None:
        """Add what has to be the same to the last character."""
        self._digest.update(repr(parts).encode())

    def numbers(self, array: NDArray[Any], scale: float = 1.0) -> None:
        """Add numbers that may differ by rounding; `scale` is what counts as large among them."""
        flat = np.asarray(array).ravel()
        if flat.dtype.kind == "c":
            flat = flat.view(flat.real.dtype)
        with np.errstate(all="ignore"):
            values = flat.astype(float)
            finite = np.isfinite(values)
            if not finite.all():  # by kind: one NaN is as good as another, whatever its bits
                kinds = np.select([finite, np.isnan(values), values > 0], [0, 1, 2], 3)
                self._digest.update(kinds.astype(np.int8).tobytes())
            entries = _flattened(np.where(finite, values, 0.0), scale)
        self._sums += _weighted(entries, self._count)
        self._size += float(np.sum(np.abs(entries)))
        self._count += len(entries)

    def done(self) -> Fingerprint:
        self.exact(self._count)
        return Fingerprint(
            self._digest.digest(),
            tuple(float(each) for each in self._sums),
            max(self._size, self._least_size),
        )


def _weighted(entries: NDArray[np.float64], before: int) -> NDArray[np.float64]:
    """Return the weighted sums of numbers that come after so many others."""
    rows = -(-len(entries) // _BLOCK)
    blocks = np.zeros((rows, _BLOCK))
    blocks.ravel()[: len(entries)] = entries
    starts = np.outer(before + _BLOCK * np.arange(rows), _FREQUENCIES)
    sums: NDArray[np.float64] = np.sum(
        np.sin(starts) * (blocks @ _COS) + np.cos(starts) * (blocks @ _SIN), axis=0
    )
    return sums


def _flattened(values: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """Return arcsinh(values / scale): linear for what is small, logarithmic for what is large.

    What is large would drown the rest otherwise.
    """
    ratios = values / scale
    entries: NDArray[np.float64] = np.arcsinh(ratios)
    far = ~np.isfinite(ratios)
    if far.any():
        sizes = np.log(np.abs(values[far])) - np.log(scale) + np.log(2.0)
        entries[far] = np.sign(values[far]) * sizes
    return entries


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
    writer = _Writer(_LEAST_SIZE)
    for outcome, due in zip(outcomes, expected, strict=True):
        writer.exact(outcome.status)
        if outcome.status == "returned":
            _write_value(writer, question, outcome.value, due)
        else:
            writer.exact(outcome.error_type, outcome.error_message)
    return writer.done()


def _write_value(writer: _Writer, question: Question, value: Any, due: Any) -> None:
    comparisons = {each.path: each for each in compare(question, value, due)}
    actual = dict(counterparts(question, value, due))
    for path, expected in leaves(due, question.returns).items():
        found, own = comparisons[path], actual.get(path)
        numeric = _is_numeric(own)
        alike = found.fault in (None, "value")
        # Of what is of another shape or kind the message says how it is; of text, all there is.
        writer.exact(path, "" if alike and numeric else found.message)
        if isinstance(own, str):
            writer.exact(own)
        if numeric:
            writer.numbers(np.asarray(own), _scale(question, path, expected))


def _scale(question: Question, path: str, expected: Any) -> float:
    """Return what counts as large: the largest expected entry, but never what may be rounding."""
    with np.errstate(all="ignore"):
        largest = float(np.max(np.abs(_finite(expected)), initial=0.0))
    rounding = tolerance_for(question, path).atol or 0.0
    return min(max(largest, rounding / PRECISION), sys.float_info.max) or 1.0


def counterparts(question: Question, value: Any, due: Any) -> Iterator[tuple[str, Any]]:
    """Yield the parts of a returned value that stand where a leaf is due, by address.

    Nothing else of the value is looked at, however much there is.
    """
    names = question.returns
    if question.extra and isinstance(value, tuple) and len(value) > len(names):
        value = value[: len(names)] if len(names) > 1 else value[0]
    if len(names) == 1:
        yield from _counterparts_below(names[0], value, due)
    elif isinstance(value, tuple | list) and len(value) == len(names):
        for name, part, due_part in zip(names, value, due, strict=True):
            yield from _counterparts_below(name, part, due_part)


def _counterparts_below(path: str, value: Any, due: Any) -> Iterator[tuple[str, Any]]:
    if is_number_list(due) and isinstance(value, tuple):
        yield path, list(value)
    elif is_leaf(due):
        yield path, value
    elif isinstance(due, dict):
        for key, below, part in parts(due, path):
            if isinstance(value, dict) and key in value:
                yield from _counterparts_below(below, value[key], part)
    elif isinstance(value, tuple | list) and len(value) == len(due):
        for index, below, part in parts(due, path):
            yield from _counterparts_below(below, value[index], part)


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
    writer = _Writer(_LEAST_SIZE_OF_VALUES)
    for value in values:
        if not isinstance(value, (np.ndarray, *NUMBER_TYPES)) or not _is_numeric(value):
            return None
        array = np.squeeze(np.asarray(value))
        writer.exact(array.shape)
        writer.numbers(array)
    return writer.done()
