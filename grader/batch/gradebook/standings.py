"""Who stands where: the hand-in that counts for each student, and what two runs differ in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from grader.batch.gradebook.adjusting import adjusted
from grader.batch.gradebook.reading import AdjustmentsOf, items_of, ranked_entries
from grader.batch.gradebook.records import (
    Change,
    Comparison,
    ItemChange,
    ItemScore,
    Policy,
    RunRecord,
    Score,
    Standing,
)

_SAME = 1e-9  # points: less is the arithmetic's


def current(connection: Connection, assignment: str) -> list[Standing]:
    """Return the last grading of each hand-in, by student and then oldest first."""
    ranked = ranked_entries(assignment).subquery()
    rows = connection.execute(select(ranked).where(ranked.c.rank == 1))
    return [_standing(row) for row in sorted(rows, key=_last_given)]


def of_run(connection: Connection, run: RunRecord) -> dict[str, Standing]:
    """Return how each student stood in a run, by the latest of their hand-ins in it."""
    ranked = ranked_entries(run.info.assignment).subquery()
    rows = connection.execute(select(ranked).where(ranked.c.run == run.id))
    return {row.student: _standing(row) for row in sorted(rows, key=_given)}


def _last_given(row: Row[Any]) -> tuple[str, str, int, int]:
    """Return what sorts hand-ins by student and then by time.

    Where it is not known when one was handed in, it was when a run was last given it: a student
    may go back to a notebook that was seen before.
    """
    return row.student, row.handed_at or row.last_given_at, row.last_run, row.last_position


def _given(row: Row[Any]) -> tuple[str, str, int]:
    """Return the same for the hand-ins of one run, whatever other runs were given."""
    return row.student, row.handed_at or row.given_at, row.position


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        student=row.student,
        digest=row.digest,
        path=row.path,
        handed_in=row.handed_in,
        when=row.handed_at or row.first_seen,
        grading=row.grading,
        run=row.run,
        key_digest=row.key_digest,
        status=row.status,
        score=row.score,
        max_score=row.max_score,
        graded_at=row.graded_at,
    )


# ---------------------------------------------------------------- scores


def scores(
    connection: Connection, standings: Sequence[Standing], records: AdjustmentsOf, policy: Policy
) -> list[Score]:
    """Return each student's score by the policy, in alphabetical order."""
    hand_ins: dict[str, list[Standing]] = {}
    for standing in standings:
        hand_ins.setdefault(standing.student, []).append(standing)
    counting = [(_counting(own, policy), own[-1]) for own in hand_ins.values()]
    items = items_of(connection, [standing.grading for standing, _ in counting])
    return [
        _score(each, items[each.grading], records, ungraded=each != last and _failed(last))
        for each, last in counting
    ]


def _counting(hand_ins: Sequence[Standing], policy: Policy) -> Standing:
    """Return the hand-in that counts; one that the grader failed on does only if all are such."""
    real = [standing for standing in hand_ins if not _failed(standing)] or hand_ins
    if policy == "best":
        return max(reversed(real), key=lambda standing: standing.score)
    return real[-1]


def _failed(standing: Standing) -> bool:
    return standing.status == "not_graded"


def _score(
    standing: Standing, items: tuple[ItemScore, ...], records: AdjustmentsOf, *, ungraded: bool
) -> Score:
    graded = {item.name: item.score for item in items}
    score, found = adjusted(standing.score, graded, records.get(standing.student, ()))
    return Score(standing.student, standing, items, found, score, ungraded)


# ---------------------------------------------------------------- two runs


def compare(connection: Connection, before: RunRecord, after: RunRecord) -> Comparison:
    """Return what two runs of an assignment differ in, as graded."""
    old, new = of_run(connection, before), of_run(connection, after)
    both = [name for name in old if name in new and old[name].grading != new[name].grading]
    ids = [standings[name].grading for standings in (old, new) for name in both]
    items = items_of(connection, ids)
    pairs = [(old[name], new[name]) for name in both]
    changes = [change_of(b, items[b.grading], a, items[a.grading]) for b, a in pairs]
    changed = tuple(change for change in changes if change)
    return Comparison(
        before=before,
        after=after,
        changes=changed,
        only_before=tuple(name for name in old if name not in new),
        only_after=tuple(name for name in new if name not in old),
        same=len(old.keys() & new.keys()) - len(changed),
    )


def change_of(
    before: Standing, old: Sequence[ItemScore], after: Standing, new: Sequence[ItemScore]
) -> Change | None:
    """Return what two gradings of a student, each with its items, differ in; None if in nothing."""
    was, now = ({item.name: item for item in items} for items in (old, new))
    pairs = [ItemChange(name, was.get(name), now.get(name)) for name in {**was, **now}]
    items = tuple(pair for pair in pairs if _item_differs(pair))
    moved = abs(before.score - after.score) > _SAME or before.status != after.status
    return Change(before.student, before, after, items) if moved or items else None


def _item_differs(item: ItemChange) -> bool:
    if item.before is None or item.after is None:
        return True
    return (
        item.before.status != item.after.status or abs(item.before.score - item.after.score) > _SAME
    )
