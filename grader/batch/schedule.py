"""Submissions over an Executor: as many at once as it has room for, each recorded when it is done.

Nothing is held in memory but what is under way, however large the class is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from typing import Protocol

from grader.batch.gradebook import Graded
from grader.batch.work import Done, Parcel, Work, WorkWanted, parcel
from grader.batch.worker import grade_parcel
from grader.digests import digest_of
from grader.errors import SubmissionError, UnreachableError, WorkersGoneError, reason
from grader.results import SubmissionResult, SubmissionStatus, ungraded
from grader.submission import Submission

TICK_SECONDS = 0.5

Numbered = tuple[int, Submission]
Record = Callable[[Sequence[tuple[int, Graded]]], Sequence[tuple[int, Graded]]]
"""Records results; returns them as they were recorded (see `Gradebook.record`)."""


class Watcher(Protocol):
    """Is told how a batch goes on."""

    def began(self, number: int, student: str) -> None:
        """Take note that a submission is handed to a worker."""

    def done(self, number: int, result: SubmissionResult, stages: Mapping[str, float]) -> None:
        """Take note of a result, which is recorded, and of the seconds by stage."""

    def tick(self) -> None:
        """Do what is to be done now and then."""


@dataclass(frozen=True)
class _Held:
    """What an executor holds: a submission, and when it was given away (seconds)."""

    number: int
    submission: Submission
    parcel: Parcel
    loaded: float
    since: float


class Schedule:
    """Hands submissions to an executor and takes back results.

    `slots` tells how many it has room for, which may change; `stopping`, whether nothing more is to
    be begun.
    """

    def __init__(
        self,
        executor: Executor,
        slots: Callable[[], int],
        work: Work,
        max_score: float,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._executor, self._slots, self._stopping = executor, slots, stopping
        self._work, self._max_score = work, max_score
        self._held: dict[Future[Done | WorkWanted], _Held] = {}

    def run(self, submissions: Iterable[Numbered], record: Record, watcher: Watcher) -> None:
        """Grade submissions; record each, and then tell the watcher."""
        waiting = iter(submissions)
        while True:
            finished = [*self._fill(waiting, watcher), *self._collected()]
            if finished:
                _record(finished, record, watcher)
            elif not self._held:
                return
            watcher.tick()

    def _fill(self, waiting: Iterator[Numbered], watcher: Watcher) -> Iterator[tuple[int, Graded]]:
        """Give away what there is room for; yield what cannot even be sent."""
        while len(self._held) < max(1, self._slots()) and not self._stopping():
            if (item := next(waiting, None)) is None:
                return
            number, submission = item
            started = time.perf_counter()
            try:
                packed = parcel(submission)
            except UnreachableError as error:
                yield number, self._without(submission, "not_graded", str(error))
                continue
            except SubmissionError as error:
                yield number, self._without(submission, "unreadable", str(error))
                continue
            except Exception as error:  # noqa: BLE001 - a name or a file that nobody thought of
                yield number, self._without(submission, "not_graded", reason(error))
                continue
            now = time.perf_counter()
            watcher.began(number, submission.student)
            self._give(_Held(number, submission, packed, now - started, now), None)

    def _give(self, held: _Held, work: Work | None) -> None:
        due = self._work.environment
        future = self._executor.submit(grade_parcel, self._work.digest, due, work, held.parcel)
        self._held[future] = held

    def _collected(self) -> Iterator[tuple[int, Graded]]:
        """Wait a little for results; yield those there are."""
        ready, _ = wait(self._held, TICK_SECONDS, FIRST_COMPLETED)
        for future in ready:
            held = self._held.pop(future)
            error = future.exception()
            if isinstance(error, WorkersGoneError):
                raise error
            if error:  # of the executor: after its own retries
                yield held.number, self._lost(held, error)
                continue
            answer = future.result()
            if isinstance(answer, WorkWanted):
                self._give(held, self._work)
            else:
                yield held.number, _graded(held, answer)

    def _lost(self, held: _Held, error: BaseException) -> Graded:
        result = self._result(held.submission, "not_graded", reason(error))
        return _graded(held, Done(result, {}, ""))

    def _without(self, submission: Submission, status: SubmissionStatus, message: str) -> Graded:
        """Return the result of a submission that has no notebook to be sent."""
        digest = digest_of([("", message.encode("utf-8", "replace"))])
        packed = Parcel(submission.student, submission.path, b"", (), digest)
        now = time.perf_counter()
        result = self._result(submission, status, message)
        return _graded(_Held(0, submission, packed, 0.0, now), Done(result, {}, ""))

    def _result(
        self, submission: Submission, status: SubmissionStatus, message: str
    ) -> SubmissionResult:
        path = submission.path
        return ungraded(submission.student, path, status, self._max_score, message)


def _graded(held: _Held, done: Done) -> Graded:
    """Return a result with the digest of what was graded, and where its time went."""
    stages = dict(done.stages)
    seconds = held.loaded + time.perf_counter() - held.since
    inside = stages.pop("total", 0.0)
    stages = {"load": held.loaded, "wait": seconds - held.loaded - inside, **stages}
    return Graded(
        student=held.submission.student,
        path=held.submission.path,
        digest=held.parcel.digest,
        handed_in=held.submission.handed_in,
        late=held.submission.late,
        result=done.result,
        seconds=seconds,
        stages=stages,
        worker=done.worker,
    )


def _record(finished: Sequence[tuple[int, Graded]], record: Record, watcher: Watcher) -> None:
    started = time.perf_counter()
    recorded = record(finished)
    each = (time.perf_counter() - started) / len(finished)
    for number, graded in recorded:
        watcher.done(number, graded.result, {**graded.stages, "record": each})
