"""What goes into the gradebook and what comes out. Frozen data; times are ISO 8601 in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from grader.results import Adjustment, Status, SubmissionResult, SubmissionStatus

RunStatus = Literal["running", "finished", "interrupted"]
Policy = Literal["latest", "best"]
AdjustmentKind = Literal["add", "set"]


@dataclass(frozen=True)
class RunInfo:
    """What is the same for a whole run.

    `key_digest` is that of everything but the submission which can change a result; `environment`
    tells people what that was: versions, the step of the sandbox.
    """

    assignment: str
    title: str
    grader_version: str
    key_digest: str
    environment: Mapping[str, str]
    who: str
    host: str


@dataclass(frozen=True)
class HandIn:
    """One notebook with its data files, as a student handed it in.

    `digest` is that of the notebook and its data files; `handed_in` is in ISO 8601, or "" where
    that is not known. A time without an offset is taken as UTC. `late` is the platform's word.
    """

    student: str
    path: str
    digest: str
    handed_in: str
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Graded(HandIn):
    """One graded hand-in: its result before any adjustment, and where the time went, in seconds."""

    result: SubmissionResult
    seconds: float
    stages: Mapping[str, float]
    worker: str


@dataclass(frozen=True)
class RunRecord:
    """One run: `graded` submissions were run in it, `reused` ones had their result already.

    `finished` is "" for a run that goes on, and for one whose end nobody saw.
    """

    id: int
    info: RunInfo
    pid: int
    started: str
    finished: str
    status: RunStatus
    graded: int
    reused: int


@dataclass(frozen=True)
class Standing:
    """The last grading of one hand-in, as graded.

    `when` is for people: when it was handed in if that is known, else when it was first seen.
    A student's latest is the one handed in last; where that is not known, the one that a run was
    given last.
    """

    student: str
    digest: str
    path: str
    handed_in: str
    when: str
    grading: int
    run: int
    key_digest: str
    status: SubmissionStatus
    score: float
    max_score: float
    graded_at: str
    late: bool = False


@dataclass(frozen=True)
class ItemScore:
    """One item: its points as graded, or with the adjustments to it."""

    name: str
    status: Status
    score: float
    max_score: float


@dataclass(frozen=True)
class Score:
    """A student's score in an assignment: the hand-in that counts, its items, the adjustments.

    `standing.score` and `graded` are as graded, `score` and `items` with the adjustments.
    `ungraded_since` says that the grader failed on a later hand-in, which therefore does not count
    yet.
    """

    student: str
    standing: Standing
    items: tuple[ItemScore, ...]
    adjustments: tuple[Adjustment, ...]
    score: float
    ungraded_since: bool
    graded: tuple[ItemScore, ...] = ()


@dataclass(frozen=True)
class GradingRecord:
    """One grading of a hand-in; `runs` are those that show it: its own, and any that reused it."""

    id: int
    run: int
    key_digest: str
    status: SubmissionStatus
    score: float
    max_score: float
    graded_at: str
    seconds: float
    stages: Mapping[str, float]
    worker: str
    runs: tuple[int, ...]


@dataclass(frozen=True)
class Attempt:
    """One hand-in of a student with all its gradings, oldest first."""

    digest: str
    path: str
    handed_in: str
    first_seen: str
    gradings: tuple[GradingRecord, ...]
    late: bool = False


@dataclass(frozen=True)
class Withdrawal:
    """Who has withdrawn an adjustment, when and why."""

    reason: str
    who: str
    at: str


@dataclass(frozen=True)
class AdjustmentRecord:
    """One adjustment as it was made: `add` or `set` so many points, of an item or of the whole.

    One that is allowed `beyond` may lead to more than the maximum.
    """

    id: int
    student: str
    question: str
    kind: AdjustmentKind
    points: float
    reason: str
    who: str
    at: str
    withdrawn: Withdrawal | None = None
    beyond: bool = False


@dataclass(frozen=True)
class ItemChange:
    """One item in two runs; None where a run has not got it."""

    name: str
    before: ItemScore | None
    after: ItemScore | None


@dataclass(frozen=True)
class Change:
    """A student for whom two runs differ, as graded."""

    student: str
    before: Standing
    after: Standing
    items: tuple[ItemChange, ...]


@dataclass(frozen=True)
class Comparison:
    """What two runs of an assignment differ in; students in alphabetical order."""

    before: RunRecord
    after: RunRecord
    changes: tuple[Change, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    same: int
