"""Cases that ask for rounding noise: what is due is another value for next to no reason.

Two right solutions differ by rounding. Where the reference itself moves by more than is allowed,
if its arguments move by a unit in the last place or if it computes with more digits, a right
solution is wrong by chance: the expected value is noise, or lies at a jump (a threshold, a tie).
For the reference process only.
"""

from __future__ import annotations

import inspect
import itertools
import sys
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.authoring import AuthoredQuestion
from grader.course import AuthoredAssignment
from grader.judging.answering import answer_of, answered, called
from grader.judging.compare import compare, tolerance_for
from grader.judging.differences import allowed_error
from grader.judging.expected import Answer, CaseKey, Noise
from grader.spec import Question
from grader.values import is_number, is_number_list, leaves

ULPS = 16.0
DIRECTIONS = 4  # in which the arguments are moved, every entry up or down at random
WIDER = np.finfo(np.longdouble).eps < np.finfo(float).eps  # not on every machine

_Change = Callable[[NDArray[Any]], NDArray[Any]]


def find_noise(assignment: AuthoredAssignment, secret: bytes) -> list[Noise]:
    """Return the outputs of scored cases whose expected value is noise."""
    return [
        Noise(question.spec.name, case.id, output, moved, allowed)
        for question in assignment.questions
        for case, arguments in answered(assignment, question, secret)
        if case.scored
        for output, (moved, allowed) in _noisy(question, case, dict(arguments)).items()
    ]


def is_noise(question: AuthoredQuestion, case: CaseKey, arguments: dict[str, Any]) -> bool:
    """Whether some output of a drawn case moves too far if the arguments hardly move.

    They move further than by rounding once: nobody looks at the case before it decides.
    """
    for nudge in itertools.islice(_nudges(case.seed), 2):

        def moved(x: NDArray[Any], nudge: _Change = nudge) -> NDArray[Any]:
            return x + ULPS * (nudge(x) - x) if x.dtype.kind == "f" else x

        answer = answer_of(question.reference, _changed(arguments, moved), case.seed, None)
        if answer.status != "returned":
            return True
        if _movements(question.spec, answer.value, case.expected.value):
            return True
    return False


def _noisy(
    question: AuthoredQuestion, case: CaseKey, arguments: dict[str, Any]
) -> dict[str, tuple[float, float]]:
    """Return by how much outputs move that should not, and how much is allowed."""
    found: dict[str, tuple[float, float]] = {}

    def answered_with(change: _Change) -> tuple[Answer, int]:
        path = _Path(question.reference)
        function = partial(_answered, question.reference, change, path)
        return answer_of(function, arguments, case.seed, None), path.taken

    changes = list(_nudges(case.seed))
    # With more digits, what a reference does may depend on the type: no rounding takes another way.
    if WIDER and answered_with(_widened)[1] == answered_with(lambda x: x)[1]:
        changes.append(_widened)
    for change in changes:
        answer, _ = answered_with(change)
        if answer.status == "returned":
            found |= _movements(question.spec, answer.value, case.expected.value)
    return found


def _answered(reference: Callable[..., Any], change: _Change, path: _Path, **given: Any) -> Any:
    changed = _changed(given, change)
    with path:
        value = called(reference, changed)
    return _changed(value, _as_double)


class _Path:
    """Which lines of the reference's file run, in order: `taken` is a digest of them."""

    def __init__(self, reference: Callable[..., Any]) -> None:
        code = getattr(inspect.unwrap(reference), "__code__", None)
        self._file = code.co_filename if code else None
        self.taken = 0

    def __enter__(self) -> None:
        self._before = sys.gettrace()
        sys.settrace(self._trace)

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)

    def _trace(self, frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename != self._file:
            return None
        if event == "line":
            self.taken = hash((self.taken, frame.f_lineno))
        return self._trace


def _nudges(seed: int) -> Iterator[_Change]:
    for number in range(DIRECTIONS):
        yield partial(_nudged, np.random.default_rng((seed, number)))


def _widened(x: NDArray[Any]) -> NDArray[Any]:
    return x.astype(np.longdouble) if x.dtype == float else x


def _nudged(rng: np.random.Generator, x: NDArray[Any]) -> NDArray[Any]:
    """Return an array moved up or down; whole numbers may be labels or masks, and are exact."""
    towards = rng.choice((-np.inf, np.inf), x.shape).astype(x.dtype)
    with np.errstate(invalid="ignore"):
        exact = np.equal(np.mod(x, 1), 0) | ~np.isfinite(x)
    return np.where(exact, x, np.nextafter(x, towards))


def _as_double(x: NDArray[Any]) -> NDArray[Any]:
    return x.astype(float) if x.dtype == np.longdouble else x


def _changed(value: Any, change: _Change) -> Any:
    """Return a value with all its real floats changed; what is no float stays as it is."""
    if isinstance(value, dict):
        return {key: _changed(part, change) for key, part in value.items()}
    if isinstance(value, tuple | list):
        parts = [_changed(part, change) for part in value]
        return tuple(parts) if isinstance(value, tuple) else parts
    if not isinstance(value, float | np.floating | np.ndarray):
        return value
    array = np.asarray(value)
    if array.dtype.kind != "f":
        return value
    changed = change(array)
    if isinstance(value, np.ndarray):
        return changed
    return type(value)(changed) if changed.dtype == array.dtype else changed[()]


def _movements(question: Question, moved: Any, due: Any) -> dict[str, tuple[float, float]]:
    """Return, by output that would be wrong, how far it is off and how far it may be.

    What becomes a thing of another kind, or was no finite number, is left out: that is no rounding.
    """
    wrong = [found.path for found in compare(question, moved, due) if found.fault == "value"]
    theirs, ours = leaves(due, question.returns), leaves(moved, question.returns) if wrong else {}
    found = {path: _distance(question, path, ours[path], theirs[path]) for path in wrong}
    return {path: distance for path, distance in found.items() if distance}


def _distance(question: Question, path: str, moved: Any, due: Any) -> tuple[float, float] | None:
    """Return the movement of the entry that moves furthest beyond what is allowed."""
    if not (is_number(due) or is_number_list(due) or isinstance(due, np.ndarray)):
        return np.inf, 0.0
    one, other = np.asarray(moved), np.asarray(due)
    with np.errstate(invalid="ignore"):
        off = np.abs(one.astype(complex) - other.astype(complex))
    off = np.where(np.isfinite(off), off, 0)
    beyond = off - allowed_error(other, tolerance_for(question, path))
    worst = np.unravel_index(np.argmax(beyond), beyond.shape)
    if not beyond[worst] > 0:
        return None
    return float(off[worst]), float((off - beyond)[worst])
