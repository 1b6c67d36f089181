"""The answer key: every case of an assignment, with what the reference returns for it.

The course's code runs in a process of its own, with limits on time and memory
(`grader.judging.reference_process`): instructors paste students' code into misconceptions, and a
reference that hangs must not hang the grader.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np

from grader.askable import Askable
from grader.judging.course_process import ask_reference
from grader.judging.fingerprint import Fingerprint
from grader.spec import Assignment, Misconception, Question
from grader.values import leaves
from grader.wire import unpack

REFERENCE_SECONDS = 120  # of processor time
MOST_SETS = 8  # of cases that are drawn for following errors through
SPECK = 1e-6  # a number below is right if it is small


@dataclass(frozen=True)
class Answer:
    """What a piece of the course's code does in one case: the value it returns, or its error.

    `printed` counts the printed lines that match the question's regular expression.
    """

    status: Literal["returned", "raised"]
    packed: bytes = b""
    error_type: str = ""
    error_message: str = ""
    error_place: str = ""
    printed: int | None = None

    @cached_property
    def value(self) -> Any:
        """The returned value, as plain data."""
        return unpack(self.packed)


@dataclass(frozen=True)
class CaseKey:
    """One case: its arguments in the reference's order, the seed set before it, the answer.

    Where it is used with right helpers, `askable` bounds what may be asked of them.
    """

    id: str
    visible: bool
    scored: bool
    seed: int
    packed_arguments: bytes
    expected: Answer
    askable: Askable | None = None

    @cached_property
    def arguments(self) -> tuple[Any, ...]:
        """The arguments, as plain data."""
        value: tuple[Any, ...] = unpack(self.packed_arguments)
        return value


@dataclass(frozen=True)
class MisconceptionKey:
    """A known mistake with its answers, one for every case of its question."""

    misconception: Misconception
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class AlternativeKey:
    """Answers as right as the reference's, one for every case; `outputs` are their addresses.

    `passed` are the outputs that are arguments passed through; `drawn` answers the drawn cases.
    """

    name: str
    note: str
    outputs: tuple[str, ...]
    answers: tuple[Answer, ...]
    passed: tuple[str, ...] = ()
    drawn: tuple[tuple[Answer, ...], ...] = ()


@dataclass(frozen=True)
class Intermediate:
    """A value that the reference computes on its way; `address` is empty where it gets no name."""

    address: str
    shape: tuple[int, ...]
    fingerprint: Fingerprint


@dataclass(frozen=True)
class Target:
    """What a changed statement of the reference binds, with all its values in all cases, in order.

    The address is a name, `grads['dW1']` for an element, or "" for what is returned as it is.
    """

    address: str
    fingerprint: Fingerprint


@dataclass(frozen=True)
class Mutant:
    """A likely mistake, made by changing the reference, and what it does.

    `cause` is its kind in the catalogue of words, `about` what the words need. `outputs` is the
    fingerprint of what it does in all cases. `target` is what the changed statement binds, if that
    is one thing of numbers.
    """

    cause: str
    about: Mapping[str, str]
    slips: int
    outputs: Fingerprint
    raises: bool = False
    target: Target | None = None


@dataclass(frozen=True)
class OwnSlope:
    """A gradient that an item returns beside the cost that it is the gradient of.

    `output` and `cost` are addresses, `argument` is the parameter that the cost depends on.
    """

    output: str
    argument: str
    cost: str


@dataclass(frozen=True)
class Evidence:
    """What causes are looked for with: the reference's intermediates case by case, and mutants.

    `reads` are the parameters of which every right solution makes use; `texts` and `numbers` (whole
    ones) stand in one of them. `slopes` are gradients of what the item itself returns. `answers` is
    a digest of the answers for which all this was made.
    """

    intermediates: tuple[tuple[Intermediate, ...], ...] = ()
    mutants: tuple[Mutant, ...] = ()
    reads: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    slopes: tuple[OwnSlope, ...] = ()
    answers: bytes = b""


@dataclass(frozen=True)
class QuestionKey:
    """A question with its cases; `outputs` are the addresses of all leaves, in order.

    `draws` says whether the reference draws from NumPy's global stream; `passed` are the outputs
    that are arguments passed through in every scored case. Where causes were to be looked for and
    cannot be, there is no `evidence`, and `unexplained` says why. `drawn` are sets of further
    cases, for the second judgement of an item that uses a wrong helper; none is a hidden one.
    """

    question: Question
    outputs: tuple[str, ...]
    cases: tuple[CaseKey, ...]
    misconceptions: tuple[MisconceptionKey, ...]
    alternatives: tuple[AlternativeKey, ...] = ()
    evidence: Evidence | None = None
    unexplained: str = ""
    draws: bool = False
    passed: tuple[str, ...] = ()
    drawn: tuple[tuple[CaseKey, ...], ...] = ()

    @cached_property
    def tells_much(self) -> bool:
        """Whether right values are more than whole numbers and specks, which many hit upon."""
        for case in self.cases:
            for leaf in leaves(case.expected.value, self.question.returns).values():
                is_numeric = isinstance(leaf, np.ndarray | float | np.generic)
                if is_numeric and np.any((np.mod(leaf, 1) != 0) & (np.abs(leaf) > SPECK)):
                    return True
        return False


@dataclass(frozen=True)
class Slope:
    """A gradient that the reference returns in one case, against central differences.

    `difference` is the largest one, relative to the largest entry.
    """

    question: str
    case: str
    output: str
    difference: float


@dataclass(frozen=True)
class Noise:
    """An output of a case that moves by more than is allowed when its arguments hardly move.

    Both are in the output's units; `moved` is infinite where it becomes a thing of another kind.
    """

    question: str
    case: str
    output: str
    moved: float
    allowed: float


@dataclass(frozen=True)
class AnswerKey:
    """Everything needed to judge submissions of one assignment."""

    assignment: Assignment
    questions: tuple[QuestionKey, ...]


def answer_key(course: Path, name: str, secret: bytes) -> AnswerKey:
    """Run the course's code in the reference process and return the answer key.

    Raises CourseError if the assignment is wrong, or exceeds the limits of time or memory.
    """
    return ask_reference(_request(course, name, secret, "key"), AnswerKey, REFERENCE_SECONDS)


def slopes(course: Path, name: str, secret: bytes) -> tuple[Slope, ...]:
    """Compare the gradients that the reference returns with central differences, in every case.

    Raises CourseError as `answer_key` does.
    """
    return ask_reference(
        _request(course, name, secret, "slopes"), tuple[Slope, ...], REFERENCE_SECONDS
    )


def noise(course: Path, name: str, secret: bytes) -> tuple[Noise, ...]:
    """Return the outputs of scored cases whose expected value is rounding noise, or at a jump.

    Raises CourseError as `answer_key` does.
    """
    return ask_reference(
        _request(course, name, secret, "noise"), tuple[Noise, ...], REFERENCE_SECONDS
    )


def _request(course: Path, name: str, secret: bytes, wanted: str) -> dict[str, str]:
    return {"course": str(course), "name": name, "secret": secret.hex(), "wanted": wanted}


def answers_digest(cases: Iterable[CaseKey]) -> bytes:
    """Return a digest of cases with their answers."""
    digest = hashlib.blake2b(digest_size=16)
    for case in cases:
        parts = (case.id, case.seed, case.packed_arguments, case.expected.packed)
        digest.update(repr(parts).encode())
    return digest.digest()


def matching_lines(text: str, pattern: str | None) -> int | None:
    """Count the lines that match, or None where nothing is asked."""
    if pattern is None:
        return None
    return sum(re.search(pattern, line) is not None for line in text.splitlines())
