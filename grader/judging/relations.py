"""How wrong values are related to the right ones, the same way in every case.

A value that is everywhere m times too large, or the right one transposed, says much about the
mistake even where nobody knows the line. No value of a case is told, only the relation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.distributions import drawn
from grader.judging.expected import CaseKey, QuestionKey
from grader.judging.fingerprint import counterparts
from grader.results import Observation
from grader.values import leaves

PRECISION = 1e-7
FEW_DIGITS = 1e-5
LEAST_ENTRIES = 4  # of what a difference is said to be a multiple of
LEAST_CASES = 2
FACTORS = {
    -1.0: "opposite_sign",
    2.0: "twice",
    0.5: "half",
    -2.0: "minus_twice",
    -0.5: "minus_half",
}
AXES = ("number of rows", "number of columns")

Pair = tuple[NDArray[Any], NDArray[Any]]  # what came back, and what is right
_Named = tuple[str, Mapping[str, str]]  # a relation in the catalogue, and what its words need


@dataclass(frozen=True)
class Relation:
    """A relation that holds in every case: its kind in the catalogue, and what the words need."""

    cause: str
    path: str
    about: Mapping[str, str] = field(default_factory=dict)


def relations(key: QuestionKey, seen: Mapping[str, Observation]) -> list[Relation]:
    """Return what wrong outputs have to do with the right ones; nothing where a case is lost."""
    cases = [case for case in key.cases if case.scored]
    if any(case.id not in seen or seen[case.id].status != "returned" for case in cases):
        return []
    right = [leaves(case.expected.value, key.question.returns) for case in cases]
    actual = [
        dict(counterparts(key.question, seen[case.id].value, case.expected.value)) for case in cases
    ]
    found = []
    for path in right[0]:
        pairs = [(a.get(path), e.get(path)) for a, e in zip(actual, right, strict=True)]
        arrays = [pair for pair in map(_arrays, pairs) if pair is not None]
        if len(arrays) == len(cases) >= LEAST_CASES:
            relation = _relation(key, cases, arrays)
        else:
            relation = _not_finite(pairs)
        if relation:
            found.append(Relation(relation[0], path, {"variable": path, **relation[1]}))
    return found


def _not_finite(pairs: Sequence[tuple[Any, Any]]) -> _Named | None:
    """Tell values that overflow, or are none at all, where all others are right."""
    lost = some = False
    for actual, right in pairs:
        are_numbers = all(isinstance(e, np.ndarray | np.generic | float) for e in (actual, right))
        kinds = {np.asarray(each).dtype.kind for each in (actual, right)}
        if not are_numbers or kinds != {"f"} or np.shape(actual) != np.shape(right):
            return None
        finite = np.isfinite(np.asarray(actual, dtype=float))
        lost, some = lost or not finite.all(), some or bool(finite.any())
        size = float(np.max(np.abs(right), initial=0.0))
        off = np.abs(np.where(finite, np.asarray(actual) - right, 0.0))
        if not np.isfinite(right).all() or np.max(off, initial=0.0) > PRECISION * size:
            return None
    return ("not_finite", {}) if lost and some else None


def _arrays(pair: tuple[Any, Any]) -> Pair | None:
    """Return both as arrays of numbers that say something, or None."""
    numbers = (np.ndarray, np.generic, float, int)
    if not all(isinstance(each, numbers) and not isinstance(each, bool) for each in pair):
        return None
    actual, right = (np.asarray(each) for each in pair)
    if actual.dtype.kind not in "iuf" or right.dtype.kind not in "iuf":
        return None
    finite = np.isfinite(actual).all() and np.isfinite(right).all()
    return (actual, right) if finite and right.size and np.any(right != 0) else None


def _relation(key: QuestionKey, cases: Sequence[CaseKey], pairs: Sequence[Pair]) -> _Named | None:
    if all(_is_equal(a, e) for a, e in pairs):
        return None
    if all(a.shape == e.shape for a, e in pairs):
        if all(_is_equal(a, np.trunc(e)) for a, e in pairs):
            return "truncated", {}
        if all(a.dtype.kind == "f" and a.dtype.itemsize < 8 and _is_near(a, e) for a, e in pairs):
            return "fewer_digits", {}
        return (
            _factor(key, cases, pairs)
            or _multiple_of_argument(key, cases, pairs)
            or (drawn(pairs) if key.draws and not _takes_arrays(cases[0]) else None)
        )
    if all(a.ndim == 2 and a.shape == e.T.shape and _is_equal(a, e.T) for a, e in pairs):
        return "result_transposed", {}
    return None


def _is_equal(actual: NDArray[Any], right: NDArray[Any]) -> bool:
    if actual.shape != right.shape:
        return False
    size = float(np.max(np.abs(right)))
    return bool(np.max(np.abs(actual - right)) <= PRECISION * size)


def _takes_arrays(case: CaseKey) -> bool:
    """Whether there is an array among the arguments; else what comes back has been drawn."""
    every = leaves(case.arguments, ("arguments",)).values()
    return any(isinstance(each, np.ndarray) for each in every)


def _is_near(actual: NDArray[Any], right: NDArray[Any]) -> bool:
    size = float(np.max(np.abs(right)))
    return bool(np.max(np.abs(actual - right)) <= FEW_DIGITS * size)


def _multiple_of_argument(
    key: QuestionKey, cases: Sequence[CaseKey], pairs: Sequence[Pair]
) -> _Named | None:
    """Find an argument, or a part of one, of which the difference is a multiple in every case."""
    every = [dict(_parts(key, case)) for case in cases]
    for name in every[0]:
        parts = [each.get(name) for each in every]
        if all(
            part is not None and _is_multiple(a - e, part)
            for part, (a, e) in zip(parts, pairs, strict=True)
        ):
            return "off_by_multiple", {"quantity": f"`{name}`"}
    return None


def _is_multiple(difference: NDArray[Any], part: NDArray[Any]) -> bool:
    if difference.shape != part.shape or part.size < LEAST_ENTRIES or not np.any(part):
        return False
    factor = float(np.sum(difference * part) / np.sum(part * part))
    size = float(np.max(np.abs(difference)))
    return bool(size > 0 and np.max(np.abs(difference - factor * part)) <= PRECISION * size)


def _parts(key: QuestionKey, case: CaseKey) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield the arrays among the arguments, by name: also those in dictionaries."""
    for name, value in zip(key.question.parameters, case.arguments, strict=False):
        inner = value.items() if isinstance(value, dict) else [(name, value)]
        for part_name, part in inner:
            if isinstance(part, np.ndarray) and part.dtype.kind in "iuf":
                yield str(part_name), part


def _factor(key: QuestionKey, cases: Sequence[CaseKey], pairs: Sequence[Pair]) -> _Named | None:
    """Find a factor, the same everywhere, or a quantity of each case."""
    factors = [float(np.sum(a * e) / np.sum(e * e)) for a, e in pairs]
    if not all(_is_equal(a, f * e) for (a, e), f in zip(pairs, factors, strict=True)):
        return None
    for constant, cause in FACTORS.items():
        if np.allclose(factors, constant, rtol=PRECISION, atol=0):
            return cause, {}
    for cause, name, values in _quantities(key, cases):
        if len(set(values)) > 1:  # else it may be anything of that size
            if np.allclose(factors, values, rtol=PRECISION, atol=0):
                return f"times_{cause}", {"quantity": name}
            if np.allclose(factors, 1 / np.asarray(values), rtol=PRECISION, atol=0):
                return f"divided_by_{cause}", {"quantity": name}
    return None


def _quantities(
    key: QuestionKey, cases: Sequence[CaseKey]
) -> Iterator[tuple[str, str, list[float]]]:
    """Yield what each case has of its own: sizes of its arrays, and its numbers other than zero."""
    for index, name in enumerate(key.question.parameters):
        values = [case.arguments[index] for case in cases if index < len(case.arguments)]
        if len(values) < len(cases):
            continue
        if all(isinstance(each, np.ndarray) and each.ndim == 2 for each in values):
            for axis, words in reversed(list(enumerate(AXES))):
                yield "size", f"the {words} of `{name}`", [float(v.shape[axis]) for v in values]
        elif all(isinstance(each, float | int) and each for each in values):
            yield "argument", f"`{name}`", [float(each) for each in values]
