"""What is graded: an assignment, its questions, their cases. Frozen data, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

DtypeKind = Literal["bool", "integer", "float", "complex"]
HiddenCases = Literal["class", "submission"]
Execute = Literal["needed", "all"]
Feedback = Literal["points", "what", "where", "why"]
FollowThrough = Literal["full", "half", "none"]
QuestionKind = Literal["function", "variable"]


@dataclass(frozen=True)
class Tolerance:
    """How far one output may be from the expected value, and of which kind it may be.

    `rtol` is relative to the expected value, `atol` absolute; without `atol` it is scaled to the
    largest expected entry (`grader.judging.differences.allowed_error`). `dtypes` lists the kinds of
    numbers that are accepted; without it, the kind of the expected value. With `one_entry`, an
    array of one entry may stand for a single number.
    """

    rtol: float = 1e-6
    atol: float | None = None
    dtypes: tuple[DtypeKind, ...] = ()
    one_entry: bool = False


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Seconds are those in which its code runs, or waits by itself.

    Memory is counted on top of what a kernel has before it begins; processes include threads. Files
    and output are those of the whole notebook.
    """

    cell_seconds: float = 20.0
    call_seconds: float = 10.0
    notebook_seconds: float = 300.0
    memory_gb: float = 1.5
    disk_mb: float = 200.0
    output_mb: float = 5.0
    processes: int = 64


@dataclass(frozen=True)
class Question:
    """One graded function or variable.

    `returns` names the elements of the returned tuple (one name: the value itself), so that every
    number has an address such as `grads['dw']`; with `extra`, more may be returned after them.

    `parameters` are those of the reference, of which the first `required` must be given; then the
    `unused` ones, which only some versions of the function take; then those that a function may
    also read as globals of the notebook (`reads`). `reference` is where the reference stands,
    `signature` and `docstring` are its own. `aliases` are other names of the item. The global
    random streams are seeded before a call: with `seed`, and then the function's own seeding of
    NumPy's stream is passed over, or with a number of the case's own.

    `helpers` are the questions it calls, or is made from; where it does not call one that it
    `expects`, that is told, without points. `printed` is a regular expression: in which cases more
    lines are printed that match it tells mistakes apart, without points. `shares` gives single
    outputs, or all below one returned element, a share of the points; the others share the rest. A
    share of 0 is of what the exercise hands out: it earns as far as the others are right.
    """

    name: str
    kind: QuestionKind
    title: str
    points: float
    returns: tuple[str, ...]
    parameters: tuple[str, ...] = ()
    required: int = 0
    helpers: tuple[str, ...] = ()
    expects: tuple[str, ...] = ()
    printed: str | None = None
    tolerance: Tolerance = Tolerance()
    tolerances: Mapping[str, Tolerance] = field(default_factory=dict)
    extra: bool = False
    unused: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    reference: str = ""
    signature: str = ""
    docstring: str = ""
    aliases: tuple[str, ...] = ()
    seed: int | None = None
    shares: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Misconception:
    """A known mistake: `cause` names it, `hint` tells the student what to look at."""

    cause: str
    hint: str


@dataclass(frozen=True)
class Assignment:
    """An assignment without its code: what the judge and the reports need to know of it.

    `feedback` is how much students are told of what is wrong: what it is, also where it begins, or
    also why, where that can be known; with "points", of hidden cases no more than the points.
    `hidden_cases` are drawn once for the class, or for each submission by itself.

    `support` names the modules of `assignments/support/` that notebooks may import beside those of
    the assignment's own `support/`; `needs` those modules that graded functions themselves use, and
    that have to be installed. `follow_through` says how much is given back of what the error of a
    helper costs the items that use it.
    """

    name: str
    title: str
    questions: tuple[Question, ...]
    execute: Execute = "needed"
    limits: Limits = Limits()
    support: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    feedback: Feedback = "why"
    hidden_cases: HiddenCases = "class"
    follow_through: FollowThrough = "full"

    @property
    def explains(self) -> bool:
        """Whether it is looked for where, and why, answers begin to be wrong."""
        return self.feedback in ("where", "why")

    @property
    def points(self) -> float:
        """The points of all questions together."""
        return sum(question.points for question in self.questions)
