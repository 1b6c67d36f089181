"""What is read from the gradebook: each function asks in one short transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, overload

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, select

from grader.batch.gradebook.adjusting import with_adjustments
from grader.batch.gradebook.database import Database
from grader.batch.gradebook.keeping import UNREADABLE, unpacked
from grader.batch.gradebook.names import Names
from grader.batch.gradebook.parts import chunks
from grader.batch.gradebook.records import (
    AdjustmentRecord,
    Attempt,
    GradingRecord,
    ItemScore,
    RunInfo,
    RunRecord,
    Withdrawal,
)
from grader.batch.gradebook.schema import (
    adjustments,
    grading_items,
    gradings,
    run_entries,
    runs,
    submissions,
)
from grader.results import SubmissionResult, ungraded

AdjustmentsOf = Mapping[str, Sequence[AdjustmentRecord]]

_FETCHED = 32  # results in memory at a time, compressed


@dataclass(frozen=True)
class Entry:
    """Where the result of one entry of a run is, and where the notebook was in that run."""

    grading: int
    path: str
    handed_in: str
    late: bool


class RunResults(Sequence[SubmissionResult]):
    """The results of a run in the order of their positions, read one after another.

    It holds no result and no transaction between one and the next, however large the class.
    Adjustments are those at the time when it was made.
    """

    def __init__(
        self,
        database: Database,
        entries: Sequence[Entry],
        adjustments: AdjustmentsOf,
        names: Names,
    ) -> None:
        self._database = database
        self._entries = entries
        self._adjustments = adjustments
        self._names = names

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, index: int) -> SubmissionResult: ...
    @overload
    def __getitem__(self, index: slice) -> RunResults: ...
    def __getitem__(self, index: int | slice) -> SubmissionResult | RunResults:
        """Return one result, or the results of a part of the class, as lazy as the whole."""
        if isinstance(index, slice):
            part = self._entries[index]
            return RunResults(self._database, part, self._adjustments, self._names)
        return next(self._read([self._entries[index]]))

    def __iter__(self) -> Iterator[SubmissionResult]:
        for part in chunks(self._entries, _FETCHED):
            yield from self._read(part)

    def _read(self, entries: Sequence[Entry]) -> Iterator[SubmissionResult]:
        ids = [entry.grading for entry in entries]
        query = select(gradings.c.id, gradings.c.result).where(gradings.c.id.in_(ids))
        with self._database.read() as connection:
            found = {row.id: row.result for row in connection.execute(query)}
        for entry in entries:
            result = unpacked(found[entry.grading]) or self._lost(entry)
            student = self._names.of(result.student)
            told = replace(result, student=student, path=entry.path)
            told = replace(told, handed_in=entry.handed_in, late=entry.late)
            yield with_adjustments(told, self._adjustments.get(student, ()))

    def _lost(self, entry: Entry) -> SubmissionResult:
        """Return what stands for a result that cannot be read."""
        query = select(submissions.c.student, gradings.c.max_score).join_from(gradings, submissions)
        with self._database.read() as connection:
            row = connection.execute(query.where(gradings.c.id == entry.grading)).one()
        return ungraded(row.student, entry.path, "not_graded", row.max_score, UNREADABLE)


def entries_of(connection: Connection, run: int) -> list[Entry]:
    """Return the entries of a run in the order of their positions."""
    entries = run_entries.c
    query = select(entries.grading, entries.path, entries.handed_in, entries.late)
    rows = connection.execute(query.where(entries.run == run).order_by(entries.position))
    return [Entry(row.grading, row.path, row.handed_in, bool(row.late)) for row in rows]


def run_records(connection: Connection, *where: ColumnElement[bool]) -> list[RunRecord]:
    """Return runs, oldest first."""
    reused = func.sum(run_entries.c.reused)
    count = select(run_entries.c.run, func.count().label("total"), reused.label("reused"))
    counts = count.group_by(run_entries.c.run).subquery()
    query = select(runs, counts.c.total, counts.c.reused).outerjoin(
        counts, counts.c.run == runs.c.id
    )
    return [_run_record(row) for row in connection.execute(query.where(*where).order_by(runs.c.id))]


def _run_record(row: Row[Any]) -> RunRecord:
    environment = json.loads(row.environment)
    info = RunInfo(
        row.assignment,
        row.title,
        row.grader_version,
        row.key_digest,
        environment,
        row.who,
        row.host,
    )
    reused = int(row.reused or 0)
    graded = int(row.total or 0) - reused
    return RunRecord(row.id, info, row.pid, row.started, row.finished, row.status, graded, reused)


def reusable(
    connection: Connection, assignment: str, key_digest: str
) -> dict[tuple[str, str], int]:
    """Return the latest grading of each hand-in under a key, but for the grader's own failures."""
    latest = func.max(gradings.c.id)
    query = (
        select(submissions.c.student, submissions.c.digest, latest.label("grading"))
        .join_from(gradings, submissions)
        .where(
            submissions.c.assignment == assignment,
            gradings.c.key_digest == key_digest,
            gradings.c.status != "not_graded",
        )
        .group_by(submissions.c.student, submissions.c.digest)
    )
    found = {(row.student, row.digest): row.grading for row in connection.execute(query)}
    kept = readable(connection, list(found.values()))
    return {whose: grading for whose, grading in found.items() if grading in kept}


def readable(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Return those gradings whose results can be read: others are made anew by the next run."""
    kept: set[int] = set()
    for part in chunks(ids, _FETCHED):
        query = select(gradings.c.id, gradings.c.result).where(gradings.c.id.in_(part))
        for row in connection.execute(query):
            kept |= {row.id} if unpacked(row.result) is not None else set()
    return kept


def items_of(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[ItemScore, ...]]:
    """Return the items of gradings, in the order of the assignment."""
    found: dict[int, list[ItemScore]] = {grading: [] for grading in ids}
    items = grading_items.c
    for part in chunks(ids):
        query = select(grading_items).where(items.grading.in_(part)).order_by(items.position)
        for row in connection.execute(query):
            found[row.grading].append(ItemScore(row.name, row.status, row.score, row.max_score))
    return {grading: tuple(scores) for grading, scores in found.items()}


def item_names(connection: Connection, assignment: str) -> list[str]:
    """Return the names of an assignment's items that were ever graded."""
    query = (
        select(grading_items.c.name, func.min(grading_items.c.position))
        .join_from(grading_items, gradings)
        .join(runs, runs.c.id == gradings.c.run)
        .where(runs.c.assignment == assignment)
        .group_by(grading_items.c.name)
        .order_by(func.min(grading_items.c.position), grading_items.c.name)
    )
    return [row.name for row in connection.execute(query)]


def attempts_of(
    connection: Connection, assignment: str, recorded_as: Sequence[str]
) -> list[Attempt]:
    """Return the hand-ins of a student, in the order in which they were first seen."""
    own = submissions.c.student.in_(recorded_as)
    query = select(submissions).where(submissions.c.assignment == assignment, own)
    rows = connection.execute(query.order_by(submissions.c.id)).all()
    return [_attempt(connection, row) for row in rows]


def _attempt(connection: Connection, submission: Row[Any]) -> Attempt:
    mine = run_entries.c.submission == submission.id
    entries = connection.execute(select(run_entries).where(mine).order_by(run_entries.c.run)).all()
    query = select(gradings).where(gradings.c.submission == submission.id)
    found = tuple(
        _grading_record(row, tuple(entry.run for entry in entries if entry.grading == row.id))
        for row in connection.execute(query.order_by(gradings.c.id))
    )
    last = max(entries, key=lambda entry: (entry.handed_at, entry.run))
    first, late = submission.first_seen, bool(last.late)
    return Attempt(submission.digest, last.path, last.handed_in, first, found, late)


def _grading_record(row: Row[Any], shown: tuple[int, ...]) -> GradingRecord:
    return GradingRecord(
        id=row.id,
        run=row.run,
        key_digest=row.key_digest,
        status=row.status,
        score=row.score,
        max_score=row.max_score,
        graded_at=row.graded_at,
        seconds=row.seconds,
        stages=json.loads(row.stages),
        worker=row.worker,
        runs=shown,
    )


def adjustments_of(
    connection: Connection, assignment: str, names: Names, *, withdrawn: bool = False
) -> dict[str, list[AdjustmentRecord]]:
    """Return the adjustments of each student in the order in which they were made.

    Those that were withdrawn come along only if asked for.
    """
    query = select(adjustments).where(adjustments.c.assignment == assignment)
    rows = connection.execute(query.order_by(adjustments.c.id)).all()
    ends = {row.withdraws: row for row in rows if row.kind == "withdraw"}
    found: dict[str, list[AdjustmentRecord]] = {}
    for row in rows:
        if row.kind != "withdraw" and (withdrawn or row.id not in ends):
            own = found.setdefault(names.of(row.student), [])
            own.append(_adjustment(row, ends.get(row.id)))
    return found


def _adjustment(row: Row[Any], end: Row[Any] | None) -> AdjustmentRecord:
    return AdjustmentRecord(
        id=row.id,
        student=row.student,
        question=row.question,
        kind=row.kind,
        points=row.points,
        reason=row.reason,
        who=row.who,
        at=row.at,
        withdrawn=Withdrawal(end.reason, end.who, end.at) if end else None,
        beyond=bool(row.beyond),
    )


def ranked_entries(assignment: str) -> Select[Any]:
    """Return the query for all entries of an assignment with the rank of each for its hand-in.

    Rank 1 is the last entry whose grading is a real one, if there is one: the grader's own failure
    never takes the place of a grade. `last_run` and `last_position` are those of the last entry
    of all. When a run was begun is told so that a later run has never a smaller time: clocks are
    set, and each host has its own.
    """
    entries = run_entries.c
    failed = case((gradings.c.status == "not_graded", 1), else_=0)
    rank = func.row_number().over(
        partition_by=entries.submission, order_by=[failed, entries.run.desc()]
    )
    given = select(runs.c.id, func.max(runs.c.started).over(order_by=runs.c.id).label("at"))
    begun = given.where(runs.c.assignment == assignment).subquery()
    own = entries.submission
    last_position = func.first_value(entries.position).over(
        partition_by=own, order_by=entries.run.desc()
    )
    return (
        select(
            submissions.c.student,
            submissions.c.digest,
            submissions.c.first_seen,
            entries.run,
            entries.position,
            begun.c.at.label("given_at"),
            func.max(entries.run).over(partition_by=own).label("last_run"),
            last_position.label("last_position"),
            func.max(begun.c.at).over(partition_by=own).label("last_given_at"),
            entries.path,
            entries.handed_in,
            entries.late,
            entries.grading,
            func.max(entries.handed_at).over(partition_by=own).label("handed_at"),
            rank.label("rank"),
            gradings.c.key_digest,
            gradings.c.status,
            gradings.c.score,
            gradings.c.max_score,
            gradings.c.graded_at,
        )
        .join_from(run_entries, submissions)
        .join(gradings, gradings.c.id == entries.grading)
        .join(begun, begun.c.id == entries.run)
        .where(submissions.c.assignment == assignment)
    )
