"""A run: submissions of which some have their results from before, and the others get theirs."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace

import grader
from grader.batch.gradebook import Gradebook, Graded, HandIn, RunInfo, recordable
from grader.batch.schedule import Numbered, Schedule, Watcher
from grader.batch.work import Work, parcel
from grader.results import RESULTS_VERSION, ClassResult
from grader.spec import Assignment
from grader.submission import Submission

Reused = tuple[int, HandIn, int]


@dataclass(frozen=True)
class Divided:
    """The submissions of a run: those with the id of a grading that still holds, and the others."""

    reused: tuple[Reused, ...]
    waiting: tuple[Numbered, ...]


def divide(submissions: Sequence[Submission], known: Mapping[tuple[str, str], int]) -> Divided:
    """Find out which submissions have a grading already; only then are their files read for it.

    `known` has the ids of gradings by student and digest.
    """
    numbered = list(enumerate(submissions))
    if not known:
        return Divided((), tuple(numbered))
    reused: list[Reused] = []
    waiting: list[Numbered] = []
    for number, submission in numbered:
        hand_in = _hand_in(submission)
        grading = known.get((hand_in.student, hand_in.digest)) if hand_in else None
        if hand_in and grading is not None:
            reused.append((number, hand_in, grading))
        else:
            waiting.append((number, submission))
    return Divided(tuple(reused), tuple(waiting))


def _hand_in(submission: Submission) -> HandIn | None:
    try:
        digest = parcel(submission).digest
    except Exception:  # noqa: BLE001 - whatever it is, grading finds it again, and names it
        return None
    given = submission.student, submission.path, digest, submission.handed_in, submission.late
    return recordable(HandIn(*given))


def run_info(assignment: Assignment, work: Work) -> RunInfo:
    """Return what the gradebook keeps of a run."""
    return RunInfo(
        assignment=assignment.name,
        title=assignment.title,
        grader_version=grader.__version__,
        key_digest=work.digest,
        environment=asdict(work.environment),
        who=user_name(),
        host=socket.gethostname(),
    )


def user_name() -> str:
    """Return the operating system's name for the user; a number where there is no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # as in containers
        return f"user {os.getuid()}"


def carry_out(
    gradebook: Gradebook,
    run: int,
    divided: Divided,
    schedule: Schedule,
    watcher: Watcher,
    held: Callable[[], AbstractContextManager[None]],
) -> None:
    """Enter what is known, grade and record the rest. Nothing is interrupted while `held`."""

    def record(finished: Sequence[tuple[int, Graded]]) -> Sequence[tuple[int, Graded]]:
        with held():
            return gradebook.record(run, finished)

    with held():
        gradebook.reuse(run, divided.reused)
    schedule.run(divided.waiting, record, watcher)


def whole_class(gradebook: Gradebook, results: ClassResult) -> ClassResult:
    """Return the class as the gradebook has it, whoever of it was in this run.

    Of each student it has the hand-in that counts; `missing` stays that of the run.
    """
    return replace(results, submissions=gradebook.class_results(results.assignment))


def class_result(
    gradebook: Gradebook, run: int, assignment: Assignment, submissions: int
) -> ClassResult:
    """Return the results of a run, with the instructor's adjustments; they are read as needed.

    Of the `submissions` there are, some have no result if the run was interrupted.
    """
    results = gradebook.results(run)
    return ClassResult(
        version=RESULTS_VERSION,
        assignment=assignment.name,
        title=assignment.title,
        grader_version=grader.__version__,
        submissions=results,
        missing=submissions - len(results),
    )
