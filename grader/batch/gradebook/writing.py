"""What is written to the gradebook: statements of one transaction each."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence

from sqlalchemy import Column, ColumnElement, Connection, Insert, exists, insert, select, update

from grader.batch.gradebook.keeping import packed
from grader.batch.gradebook.parts import chunks, in_utc, now
from grader.batch.gradebook.records import Graded, HandIn, RunInfo, RunStatus
from grader.batch.gradebook.schema import (
    adjustments,
    answer_keys,
    content_digest,
    grading_items,
    gradings,
    run_entries,
    runs,
    submissions,
)
from grader.errors import GraderError, UsageError


def add_run(connection: Connection, info: RunInfo, answer_key: bytes) -> int:
    """Add a run, and its answer key if it is a new one; whoever left a run open is dead."""
    open_runs = update(runs).where(runs.c.status == "running")
    connection.execute(open_runs.values(status="interrupted"))
    if not _is_there(connection, answer_keys.c.key_digest == info.key_digest):
        _add_key(connection, info, answer_key)
    row = {
        "assignment": info.assignment,
        "title": info.title,
        "grader_version": info.grader_version,
        "key_digest": info.key_digest,
        "environment": json.dumps(dict(info.environment), sort_keys=True),
        "who": info.who,
        "host": info.host,
        "pid": os.getpid(),
        "started": now(),
        "finished": "",
        "status": "running",
    }
    return _added(connection, insert(runs).values(row), runs.c.id)


def _add_key(connection: Connection, info: RunInfo, content: bytes) -> None:
    """Add an answer key; a content that is there already is not kept a second time."""
    digest = content_digest(content)
    is_known = _is_there(connection, answer_keys.c.content_digest == digest)
    row = {
        "key_digest": info.key_digest,
        "assignment": info.assignment,
        "content": b"" if is_known else content,
        "first_used": now(),
        "content_digest": digest,
    }
    connection.execute(insert(answer_keys).values(row))


def _is_there(connection: Connection, which: ColumnElement[bool]) -> bool:
    return bool(connection.execute(select(exists().where(which))).scalar())


def close_run(connection: Connection, run: int, status: RunStatus) -> None:
    """Set how a run has ended."""
    connection.execute(update(runs).where(runs.c.id == run).values(status=status, finished=now()))


def add_grading(
    connection: Connection, run: int, info: RunInfo, position: int, graded: Graded
) -> None:
    """Add one grading, with the hand-in if it is a new one, and the run's entry for it."""
    if graded.result.student != graded.student or graded.result.adjustments:
        raise ValueError(f"{graded.path}: expected the student's own result, as graded")
    submission = _submission(connection, info.assignment, graded)
    mine = run_entries.c.submission == submission
    _refuse_twice(_paths(connection, run, mine), submission, graded)
    row = {
        "submission": submission,
        "run": run,
        "key_digest": info.key_digest,
        "status": graded.result.status,
        "score": graded.result.score,
        "max_score": graded.result.max_score,
        "result": packed(graded.result),
        "graded_at": now(),
        "seconds": graded.seconds,
        "stages": json.dumps(dict(graded.stages)),
        "worker": graded.worker,
    }
    grading = _added(connection, insert(gradings).values(row), gradings.c.id)
    items = [
        {
            "grading": grading,
            "position": place,
            "name": question.name,
            "status": question.status,
            "score": question.score,
            "max_score": question.max_score,
        }
        for place, question in enumerate(graded.result.questions)
    ]
    if items:
        connection.execute(insert(grading_items), items)
    connection.execute(insert(run_entries), [_entry(run, position, submission, grading, graded)])


def add_reused(
    connection: Connection, run: int, entries: Sequence[tuple[int, HandIn, int]]
) -> None:
    """Add the run's entries for hand-ins that have their grading already."""
    paths = _paths(connection, run)
    for chunk in chunks(entries):
        owners = _owners(connection, [grading for _, _, grading in chunk])
        rows = []
        for position, hand_in, grading in chunk:
            submission, *whose = owners.get(grading, (0, "", ""))
            if whose != [hand_in.student, hand_in.digest]:
                raise ValueError(f"grading {grading} is of another hand-in")
            _refuse_twice(paths, submission, hand_in)
            paths[submission] = hand_in.path
            rows.append(_entry(run, position, submission, grading, hand_in, reused=True))
        connection.execute(insert(run_entries), rows)


def _owners(connection: Connection, ids: list[int]) -> dict[int, tuple[int, str, str]]:
    whose = select(gradings.c.id, submissions.c.id, submissions.c.student, submissions.c.digest)
    query = whose.join_from(gradings, submissions).where(gradings.c.id.in_(ids))
    return {row[0]: (row[1], row[2], row[3]) for row in connection.execute(query)}


def _submission(connection: Connection, assignment: str, hand_in: HandIn) -> int:
    key = {"assignment": assignment, "student": hand_in.student, "digest": hand_in.digest}
    found = connection.execute(select(submissions.c.id).filter_by(**key)).scalar()
    if found is not None:
        return int(found)
    new = insert(submissions).values(first_seen=now(), **key)
    return _added(connection, new, submissions.c.id)


def _paths(connection: Connection, run: int, *where: ColumnElement[bool]) -> dict[int, str]:
    """Return the paths of hand-ins that the run has an entry for."""
    query = select(run_entries.c.submission, run_entries.c.path).where(run_entries.c.run == run)
    return {row.submission: row.path for row in connection.execute(query.where(*where))}


def _refuse_twice(paths: Mapping[int, str], submission: int, hand_in: HandIn) -> None:
    if submission in paths:
        raise GraderError(
            f"{hand_in.path}: the same hand-in of '{hand_in.student}' as {paths[submission]}, "
            "twice in one run"
        )


def _added(connection: Connection, statement: Insert, column: Column[int]) -> int:
    return int(connection.execute(statement.returning(column)).scalar_one())


def _entry(
    run: int,
    position: int,
    submission: int,
    grading: int,
    hand_in: HandIn,
    *,
    reused: bool = False,
) -> dict[str, object]:
    return {
        "run": run,
        "position": position,
        "submission": submission,
        "grading": grading,
        "reused": int(reused),
        "path": hand_in.path,
        "handed_in": hand_in.handed_in,
        "handed_at": in_utc(hand_in.handed_in),
        "late": int(hand_in.late),
    }


def withdraw(connection: Connection, adjustment: int, reason: str, who: str) -> None:
    """Add the row that withdraws an adjustment. Raises UsageError if there is none to withdraw."""
    row = connection.execute(select(adjustments).filter_by(id=adjustment)).first()
    if row is None or row.kind == "withdraw":
        raise UsageError(
            f"no adjustment {adjustment}; `grader gradebook attempts` shows their numbers"
        )
    ended = select(adjustments.c.at).filter_by(withdraws=adjustment)
    at = connection.execute(ended).scalar()
    if at is not None:
        raise UsageError(f"adjustment {adjustment} has been withdrawn already, on {at}")
    values = {"kind": "withdraw", "points": 0.0, "reason": reason, "who": who, "at": now()}
    values |= {name: getattr(row, name) for name in ("assignment", "student", "question")}
    connection.execute(insert(adjustments).values(values | {"withdraws": adjustment}))
