"""What came of grading: observations, comparisons, scores, causes. Frozen data.

The classes from `CaseResult` on are what `results.json` holds; they know nothing of how they are
shown, and hold nothing that the student may not see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

RESULTS_VERSION: Literal[1] = 1

Fault = Literal["kind", "structure", "shape", "dtype", "value"]
ObservationStatus = Literal[
    "returned",
    "raised",
    "timed_out",
    "crashed",
    "not_reached",
    "missing",
    "not_a_function",
    "unreadable",
]
Status = Literal["passed", "failed", "errored", "timed_out", "crashed", "missing"]
SubmissionStatus = Literal["graded", "unreadable", "not_graded"]
NoteLevel = Literal["info", "warning", "error"]


@dataclass(frozen=True)
class Place:
    """A place in a notebook: cells are counted from 1, text cells included; lines from 1."""

    cell: int
    line: int | None = None

    def __str__(self) -> str:
        return f"cell {self.cell}" + (f", line {self.line}" if self.line else "")


@dataclass(frozen=True)
class Note:
    """Something about the notebook as a whole that the student should know."""

    level: NoteLevel
    message: str
    cell: int | None = None
    line: int | None = None


@dataclass(frozen=True)
class RaisedError:
    """An exception in the student's code: type, message, and the student's own line.

    `function` is the graded item in which the line stands, `code` the line's text. `limit` says
    which limit was exceeded, if one was, as the rest of a sentence.
    """

    type: str
    message: str
    place: Place | None = None
    function: str = ""
    code: str = ""
    limit: str = ""


@dataclass(frozen=True)
class Step:
    """What a line of a function has bound as it ran: the line of the cell, an address, the value.

    The address is a name, or that of a part of what a name holds, such as `grads['dW1']`.
    """

    line: int
    address: str
    value: Any


@dataclass(frozen=True)
class Observation:
    """What came back of one call, or of reading one variable.

    `value` is plain data (see `grader.wire`); `printed` what the call printed, cut to a length.
    `seconds` is the limit that struck where the status is `timed_out`; `not_reached` is a call
    that was never made, for the reason that stands in `error`. `changed` names the arguments that
    the call has changed in place. A `repeat` is a second call of the same case. Where the call
    was traced, `steps` are what the function's own lines have bound, in order; the last one has no
    address and only says in which line it ended. `version` is that of the request. `answered`
    counts, by helper, the calls that the grader has answered. `warned` is what NumPy warned of
    (RuntimeWarnings). What is raised is raised by an `own_line` if not by a function that this one
    calls, but for NumPy's. `cpu` is the processor time that the call took, in seconds, as the
    kernel says.
    """

    question: str
    case: str
    status: ObservationStatus
    value: Any = None
    printed: str = ""
    error: RaisedError | None = None
    seconds: float | None = None
    changed: tuple[str, ...] = ()
    repeat: bool = False
    steps: tuple[Step, ...] = ()
    version: int = 0
    answered: Mapping[str, int] = field(default_factory=dict)
    own_line: bool = True
    warned: tuple[str, ...] = ()
    cpu: float = 0.0

    def with_error(self, error: RaisedError | None) -> Observation:
        """Return the same with what is known of its exception."""
        return self if error is self.error else replace(self, error=error)


@dataclass(frozen=True)
class Source:
    """What the notebook's source shows of one graded item.

    `name` is what the notebook calls it. `missing` says why it is not defined, where it is not.
    `parameters` are those of its last
    definition, None if that is no `def`. `uses` are the graded items that it, or a function that
    it calls, looks up. `code` is the text of its last definition, which begins in line `line` of
    cell `cell`; there is none of what comes from a module. `rebound` are names of Python's or of
    modules that it reads, and the places that bind them to something else.
    """

    missing: str = ""
    parameters: tuple[str, ...] | None = None
    uses: frozenset[str] = frozenset()
    name: str = ""
    code: str = ""
    cell: int = 0
    line: int = 1
    rebound: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True)
class CellFailure:
    """A part of the notebook that did not run to its end, and the names it would have bound."""

    place: Place
    error: RaisedError
    binds: frozenset[str] = frozenset()
    is_import: bool = False


@dataclass(frozen=True)
class Run:
    """What a Runner saw of one notebook: its failures, and one observation for every request.

    `seconds` says where the time went: cells, calls, and the kernels themselves. `spent` are those
    that the notebook has taken of its own. It was `cut_short` if the kernel was lost while causes
    were looked for.
    """

    observations: tuple[Observation, ...]
    failures: tuple[CellFailure, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    spent: float = 0.0
    cut_short: bool = False


@dataclass(frozen=True)
class Comparison:
    """One output of one case against what was expected.

    `message` is for visible cases. `hidden_message` says no more than what is due and which kind of
    fault there is: no expected number, and nothing of what the student's code returned, through
    which it could tell the case's inputs.
    """

    path: str
    fault: Fault | None = None
    message: str = ""
    hidden_message: str = ""


@dataclass(frozen=True)
class CaseResult:
    """One output in one case. An example (`scored` false) is shown and carries no points."""

    id: str
    visible: bool
    status: Status
    fault: Fault | None = None
    message: str = ""
    scored: bool = True


@dataclass(frozen=True)
class OutputResult:
    """One output over all cases: it passes only if it is right in every scored one."""

    path: str
    status: Status
    fault: Fault | None
    message: str
    cases: tuple[CaseResult, ...]


@dataclass(frozen=True)
class Diagnosis:
    """A cause that is established, in words for the student, and the outputs it explains.

    `place` and `code` are the student's own line, where it is known.
    """

    cause: str
    message: str
    outputs: tuple[str, ...]
    place: Place | None = None
    code: str = ""


@dataclass(frozen=True)
class Location:
    """Where a function begins to be wrong: the student's own line, and what it binds there."""

    place: Place
    code: str
    address: str
    message: str


@dataclass(frozen=True)
class Call:
    """A visible case as Python that the student can paste into the notebook and run."""

    case: str
    code: str


@dataclass(frozen=True)
class QuestionResult:
    """One graded item of one submission.

    Of an item that is wrong, `behaviour` identifies what it does in all cases: it is the same for
    all who make the same mistake. `snippet` is the student's own definition, cut to a length. Both
    are empty for what is right, missing, or not filled in. `suspects` are the graded items that it
    uses and that are not right either; `inherits` names the helpers whose errors it inherits: with
    those answered for by the reference, the item is right, or outputs are that were not.
    `location` is where it begins to be wrong.
    """

    name: str
    title: str
    status: Status
    score: float
    max_score: float
    message: str
    outputs: tuple[OutputResult, ...]
    diagnoses: tuple[Diagnosis, ...] = ()
    calls: tuple[Call, ...] = ()
    behaviour: str = ""
    snippet: str = ""
    suspects: tuple[str, ...] = ()
    location: Location | None = None
    inherits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Adjustment:
    """What an instructor has changed in a score, after grading, and why.

    `points` is the difference that it makes; `question` names the item, if it is to one.
    """

    points: float
    reason: str
    who: str
    question: str = ""


@dataclass(frozen=True)
class SubmissionResult:
    """One student's notebook. `message` says why, where it could not be graded.

    `score` includes the adjustments, and a question's those to it. `handed_in` (ISO 8601, or empty)
    and `late` are what the platform says; they change no score.
    """

    student: str
    path: str
    status: SubmissionStatus
    score: float
    max_score: float
    questions: tuple[QuestionResult, ...] = ()
    message: str = ""
    notes: tuple[Note, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    handed_in: str = ""
    late: bool = False


def ungraded(
    student: str, path: str, status: SubmissionStatus, max_score: float, message: str
) -> SubmissionResult:
    """Return the result of a submission that was not graded: no points, and why."""
    return SubmissionResult(student, path, status, 0.0, max_score, message=message)


@dataclass(frozen=True)
class ClassResult:
    """All submissions of one assignment: the content of `results.json`.

    Of a large class they need not all be in memory: reports go through them one by one. `missing`
    counts submissions without a result, where grading was interrupted.
    """

    version: Literal[1]
    assignment: str
    title: str
    grader_version: str
    submissions: Sequence[SubmissionResult]
    missing: int = 0


def case_name(identifier: str) -> str:
    """Return a case's name in words: `visible-2` is visible case 2."""
    kind, _, number = identifier.partition("-")
    words = {"example": "the exercise's example", "value": "the variable's value"}
    return words.get(kind, f"{kind} case {number}")
