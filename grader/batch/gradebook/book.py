"""The gradebook: one writer at a time, any number of readers, and nothing is ever overwritten."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from sqlalchemy import Connection, insert, select

from grader.batch.gradebook import adjusting, names, reading, standings, writing
from grader.batch.gradebook.database import Database, nothing, parsed_url
from grader.batch.gradebook.file import Say
from grader.batch.gradebook.keeping import sound, unrecorded
from grader.batch.gradebook.parts import now
from grader.batch.gradebook.reading import Entry, RunResults
from grader.batch.gradebook.records import (
    AdjustmentKind,
    AdjustmentRecord,
    Attempt,
    Comparison,
    Graded,
    HandIn,
    Policy,
    RunInfo,
    RunRecord,
    Score,
    Standing,
)
from grader.batch.gradebook.schema import adjustments, answer_keys, runs
from grader.errors import GraderError, RefusedError, UsageError, near_miss


class Gradebook:
    """The results of a course in a SQLite file or in PostgreSQL.

    A hand-in is what one student handed in for one assignment, told by its digest. Each run has an
    entry for every hand-in it was given, which leads to a grading: a new one, or an earlier one
    that is reused. Of a hand-in the grading of its last run counts; a student's adjustments stay.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._run: tuple[int, RunInfo] | None = None

    @classmethod
    def open(cls, where: str | Path, *, create: bool = True, say: Say = nothing) -> Gradebook:
        """Open a file, or a database by its URL; make the gradebook if there is none.

        `say` is told for whom a writer waits for long. Raises UsageError or GraderError, with one
        line, where it cannot be opened.
        """
        return cls(Database(parsed_url(where), create=create, say=say))

    @property
    def is_there(self) -> bool:
        """Whether what was recorded is found again where it was recorded."""
        return self.database.file is None or self.database.file.is_there

    def close(self) -> None:
        """Close it; a run that has not been finished counts as interrupted."""
        with contextlib.suppress(GraderError):  # the next writer says the same of this run
            if self._run is not None:
                self.finish(self._run[0], "interrupted")
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # ------------------------------------------------------------ writing

    def begin(self, info: RunInfo, answer_key: bytes) -> int:
        """Begin a run, become the one writer, and return the run's number.

        The answer key is kept once for each digest. Raises UsageError with who is writing.
        """
        if self._run is not None:
            raise ValueError(f"run {self._run[0]} has not been finished")
        self.database.take_lock()
        try:
            with self.database.write() as connection:
                run = writing.add_run(connection, info, answer_key)
        except BaseException:
            self.database.lock.release()
            raise
        self._run = (run, info)
        return run

    def known(self, assignment: str, key_digest: str) -> Mapping[tuple[str, str], int]:
        """Return (student, digest) -> the latest grading under that key, where it can be reused."""
        with self.database.read() as connection:
            return reading.reusable(connection, assignment, key_digest)

    def record(
        self, run: int, graded: Sequence[tuple[int, Graded]]
    ) -> Sequence[tuple[int, Graded]]:
        """Add gradings, each with its position in the run; they are durable on return.

        Returns them as they stand there: one that cannot be recorded is, as not graded.
        """
        info = self._info(run)
        fit = [(position, sound(each)) for position, each in graded]
        try:
            self._add(run, info, fit)
        except (RefusedError, ValueError, TypeError, ArithmeticError):
            return [self._added(run, info, position, each) for position, each in fit]
        return fit

    def _added(self, run: int, info: RunInfo, position: int, graded: Graded) -> tuple[int, Graded]:
        """Add one grading by itself, or that it cannot be recorded."""
        try:
            self._add(run, info, [(position, graded)])
        except (RefusedError, ValueError, TypeError, ArithmeticError):
            graded = unrecorded(graded)
            self._add(run, info, [(position, graded)])
        return position, graded

    def _add(self, run: int, info: RunInfo, graded: Sequence[tuple[int, Graded]]) -> None:
        with self.database.write() as connection:
            for position, each in graded:
                writing.add_grading(connection, run, info, position, each)

    def reuse(self, run: int, entries: Sequence[tuple[int, HandIn, int]]) -> None:
        """Let the run show earlier gradings (see `known`), each with its position in the run."""
        self._info(run)
        with self.database.write() as connection:
            writing.add_reused(connection, run, entries)

    def finish(self, run: int, status: Literal["finished", "interrupted"]) -> None:
        """End the run, and let others write."""
        self._info(run)
        self._run = None
        try:
            with self.database.write() as connection:
                writing.close_run(connection, run, status)
        finally:
            self.database.lock.release()

    def _info(self, run: int) -> RunInfo:
        if self._run is None or self._run[0] != run:
            raise ValueError(f"run {run} is not the one that was begun here")
        return self._run[1]

    # ------------------------------------------------------------ adjustments

    def adjust(
        self,
        assignment: str,
        student: str,
        kind: AdjustmentKind,
        points: float,
        *,
        reason: str,
        who: str,
        question: str = "",
        beyond: bool = False,
    ) -> int:
        """Adjust a student's score, of the whole or of a question; return the adjustment's number.

        It applies to whatever that student's score is by then, also after they are graded again,
        and leads to more than the maximum only if it is allowed `beyond`.
        """
        if not math.isfinite(points) or (kind == "set" and points < 0):
            raise UsageError(f"{points:g} points: expected a number, and none below 0 to set")
        row = {"kind": kind, "points": points, "reason": _reason(reason), "who": who, "at": now()}
        with self.database.write() as connection:
            student = self._student(connection, assignment, student)
            if question:
                known = reading.item_names(connection, assignment)
                _check(question, known, f"question '{question}' in {assignment}")
            if not beyond:
                at = standings.points_now(connection, assignment, student, question)
                adjusting.check(at, kind, points, question)
            whose = {"assignment": assignment, "student": student, "question": question}
            new = insert(adjustments).values(row | whose | {"beyond": int(beyond)})
            return int(connection.execute(new.returning(adjustments.c.id)).scalar_one())

    def withdraw(self, adjustment: int, *, reason: str, who: str) -> None:
        """Withdraw an adjustment; that it was made, and withdrawn, stays on record."""
        with self.database.write() as connection:
            writing.withdraw(connection, adjustment, _reason(reason), who)

    def adjustments(self, assignment: str, student: str) -> list[AdjustmentRecord]:
        """Return all adjustments of a student, also those that were withdrawn."""
        with self.database.read() as connection:
            student = self._student(connection, assignment, student)
            known = names.names_of(connection, assignment)
            found = reading.adjustments_of(connection, assignment, known, withdrawn=True)
        return found.get(student, [])

    # ------------------------------------------------------------ names

    def rename(self, assignment: str, old: str, new: str, *, reason: str, who: str) -> None:
        """Let what stands under one student's name stand under another from now on.

        If there is a student of that name already, both are one. Nothing is written over.
        """
        with self.database.write() as connection:
            old, new = self._student(connection, assignment, old), names.plain(new).strip()
            names.check_new(names.names_of(connection, assignment), assignment, old, new)
            names.add(connection, assignment, old, new, _reason(reason), who)

    def forget(self, assignment: str, student: str, *, reason: str, who: str) -> None:
        """Do not list a student any more, unless they are graded again; all stays on record."""
        with self.database.write() as connection:
            student = self._student(connection, assignment, student)
            names.add(connection, assignment, student, "", _reason(reason), who)

    def names(self, assignment: str) -> names.Names:
        """Return under which names the students of an assignment stand."""
        with self.database.read() as connection:
            return names.names_of(connection, assignment)

    def two_names(self, assignment: str, given: Mapping[str, str]) -> list[tuple[str, str, str]]:
        """Return (name in the gradebook, name now, path) of notebooks that stand under two names.

        `given` are the paths of hand-ins by students' names.
        """
        with self.database.read() as connection:
            return names.two_names(connection, assignment, given)

    # ------------------------------------------------------------ reading

    def assignments(self) -> list[str]:
        """Return the assignments that have a run, in alphabetical order."""
        with self.database.read() as connection:
            return self._assignments(connection)

    def runs(self, assignment: str | None = None) -> list[RunRecord]:
        """Return the runs, of one assignment or of all, oldest first."""
        with self.database.read() as connection:
            if assignment is None:
                return reading.run_records(connection)
            self._check_assignment(connection, assignment)
            return reading.run_records(connection, runs.c.assignment == assignment)

    def run(self, run: int) -> RunRecord:
        """Return one run. Raises UsageError if there is none of this number."""
        with self.database.read() as connection:
            return self._one_run(connection, run)

    def answer_key(self, key_digest: str) -> bytes:
        """Return an answer key as it was given to `begin`."""
        keys = answer_keys.c
        mine = select(keys.content_digest).where(keys.key_digest == key_digest)
        with self.database.read() as connection:
            digest = connection.execute(mine).scalar()
            alike = select(keys.content).where(keys.content_digest == digest)
            found = [bytes(each) for each in connection.execute(alike).scalars()]
        if not found:
            raise UsageError(f"no answer key {key_digest} in {self.database.where}")
        return max(found, key=len)

    def results(self, run: int) -> RunResults:
        """Return the results of a run in the order of positions, adjusted, one at a time."""
        with self.database.read() as connection:
            record = self._one_run(connection, run)
            entries = reading.entries_of(connection, run)
            known = names.names_of(connection, record.info.assignment)
            changed = reading.adjustments_of(connection, record.info.assignment, known)
        return RunResults(self.database, entries, changed, known)

    def class_results(self, assignment: str) -> RunResults:
        """Return the result that counts (the latest) of each student, as `scores` lists them."""
        with self.database.read() as connection:
            known = names.names_of(connection, assignment)
            found = standings.current(connection, assignment, known)
            changed = reading.adjustments_of(connection, assignment, known)
        counting = [each for each, _ in standings.who_counts(found, "latest")]
        entries = [Entry(each.grading, each.path, each.handed_in, each.late) for each in counting]
        return RunResults(self.database, entries, changed, known)

    def unreadable(self, assignment: str) -> list[str]:
        """Return whose result that counts can be read no more; their scores stand as recorded."""
        with self.database.read() as connection:
            known = names.names_of(connection, assignment)
            found = standings.current(connection, assignment, known)
            counting = [each for each, _ in standings.who_counts(found, "latest")]
            kept = reading.readable(connection, [each.grading for each in counting])
        return [each.student for each in counting if each.grading not in kept]

    def attempts(self, assignment: str, student: str) -> list[Attempt]:
        """Return all hand-ins of a student with all their gradings."""
        with self.database.read() as connection:
            student = self._student(connection, assignment, student)
            known = names.names_of(connection, assignment)
            return reading.attempts_of(connection, assignment, known.recorded_as(student))

    def current(self, assignment: str) -> list[Standing]:
        """Return the last grading of every hand-in, as graded; none for an unknown assignment."""
        with self.database.read() as connection:
            known = names.names_of(connection, assignment)
            return standings.current(connection, assignment, known)

    def scores(self, assignment: str, policy: Policy = "latest") -> list[Score]:
        """Return each student's score with adjustments, in alphabetical order.

        `latest` takes the student's latest hand-in, `best` the one with the highest score.
        """
        with self.database.read() as connection:
            self._check_assignment(connection, assignment)
            known = names.names_of(connection, assignment)
            found = standings.current(connection, assignment, known)
            changed = reading.adjustments_of(connection, assignment, known)
            return standings.scores(connection, found, changed, policy)

    def compare(self, before: int, after: int) -> Comparison:
        """Return what two runs of one assignment differ in."""
        with self.database.read() as connection:
            first, second = self._one_run(connection, before), self._one_run(connection, after)
            old, new = first.info.assignment, second.info.assignment
            if old != new:
                raise UsageError(
                    f"run {before} is of {old} and run {after} of {new}; "
                    "expected two of the same assignment"
                )
            known = names.names_of(connection, old)
            return standings.compare(connection, first, second, known)

    # ------------------------------------------------------------ what is not there

    def _one_run(self, connection: Connection, run: int) -> RunRecord:
        found = reading.run_records(connection, runs.c.id == run)
        if not found:
            last = connection.execute(select(runs.c.id).order_by(runs.c.id.desc())).scalar()
            known = f"they go from 1 to {last}" if last else "there are none"
            raise UsageError(f"no run {run} in {self.database.where}; {known}")
        return found[0]

    def _assignments(self, connection: Connection) -> list[str]:
        return sorted(connection.execute(select(runs.c.assignment).distinct()).scalars())

    def _check_assignment(self, connection: Connection, assignment: str) -> None:
        known = self._assignments(connection)
        _check(assignment, known, f"assignment '{assignment}' in {self.database.where}")

    def _student(self, connection: Connection, assignment: str, given: str) -> str:
        """Return the name that a student has now. Raises UsageError if there is none."""
        self._check_assignment(connection, assignment)
        known = names.names_of(connection, assignment)
        student, there = known.of(given), known.all()
        if student not in there:
            there.sort(key=lambda name: name[:1].lower() != student[:1].lower())
            _check(student, there, f"student '{given}' in {assignment}")
        return student


def _check(name: str, known: Iterable[str], what: str) -> None:
    """Raise UsageError with the near miss unless the name is known."""
    there = list(known)
    if name not in there:
        close = near_miss(name, there)
        few = ", ".join(there[:10]) + (", ..." if len(there) > 10 else "")
        hint = f"did you mean '{close}'?" if close else f"there are: {few or 'none'}"
        raise UsageError(f"no {what}; {hint}")


def _reason(text: str) -> str:
    if not text.strip():
        raise UsageError("an adjustment needs a reason, for whoever asks later")
    return " ".join(text.split())
