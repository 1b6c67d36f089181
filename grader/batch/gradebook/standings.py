"""Who stands where: the hand-in that counts for each student, and what two runs differ in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, select

from grader.batch.gradebook.adjusting import Points, adjusted
from grader.batch.gradebook.names import Names, names_of
from grader.batch.gradebook.reading import (
    AdjustmentsOf,
    adjustments_of,
    items_of,
    ranked_entries,
)
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
from grader.batch.gradebook.schema import grading_items, gradings, runs

_SAME = 1e-9  # points: less is the arithmetic's


def current(connection: Connection, assignment: str, names: Names) -> list[Standing]:
    """Return the last grading of each hand-in, by student and then oldest first."""
    ranked = ranked_entries(assignment).subquery()
    rows = connection.execute(select(ranked).where(ranked.c.rank == 1))
    listed = names.listed()
    found = [_standing(row, names) for row in sorted(rows, key=_last_given)]
    return _by_student(standing for standing in found if standing.student in listed)


def of_run(connection: Connection, run: RunRecord, names: Names) -> dict[str, Standing]:
    """Return how each student stood in a run, by the latest of their hand-ins in it."""
    ranked = ranked_entries(run.info.assignment).subquery()
    rows = connection.execute(select(ranked).where(ranked.c.run == run.id))
    found = _by_student(_standing(row, names) for row in sorted(rows, key=_given))
    return {standing.student: standing for standing in found}


def _by_student(standings: Iterable[Standing]) -> list[Standing]:
    return sorted(standings, key=lambda standing: standing.student)


def _last_given(row: Row[Any]) -> tuple[str, int, int]:
    """Return what sorts hand-ins by time.

    Where it is not known when one was handed in, it was when a run was last given it: a student
    may go back to a notebook that was seen before.
    """
    return row.handed_at or row.last_given_at, row.last_run, row.last_position


def _given(row: Row[Any]) -> tuple[str, int]:
    """Return the same for the hand-ins of one run, whatever other runs were given."""
    return row.handed_at or row.given_at, row.position


def _standing(row: Row[Any], names: Names) -> Standing:
    return Standing(
        student=names.of(row.student),
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
        late=bool(row.late),
    )


# ---------------------------------------------------------------- scores


def scores(
    connection: Connection, standings: Sequence[Standing], records: AdjustmentsOf, policy: Policy
) -> list[Score]:
    """Return each student's score by the policy, in alphabetical order."""
    counting = who_counts(standings, policy)
    items = items_of(connection, [standing.grading for standing, _ in counting])
    return [
        _score(each, items[each.grading], records, ungraded=each != last and _failed(last))
        for each, last in counting
    ]


def who_counts(standings: Sequence[Standing], policy: Policy) -> list[tuple[Standing, Standing]]:
    """Return for each student the hand-in that counts, and the last one."""
    hand_ins: dict[str, list[Standing]] = {}
    for standing in standings:
        hand_ins.setdefault(standing.student, []).append(standing)
    return [(_counting(own, policy), own[-1]) for own in hand_ins.values()]


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
    made = adjusted(points_of(standing, items), records.get(standing.student, ()))
    now = tuple(replace(item, score=made.points.items[item.name][0]) for item in items)
    found, score = made.adjustments, made.points.score
    return Score(standing.student, standing, now, found, score, ungraded, items)


def points_of(standing: Standing, items: Sequence[ItemScore]) -> Points:
    """Return the points of a hand-in as graded."""
    each = {item.name: (item.score, item.max_score) for item in items}
    return Points(standing.score, standing.max_score, each)


def _item_maximum(connection: Connection, assignment: str, item: str) -> float:
    """Return what an item of an assignment carries, as it was graded last."""
    query = (
        select(grading_items.c.max_score)
        .join_from(grading_items, gradings)
        .join(runs, runs.c.id == gradings.c.run)
        .where(runs.c.assignment == assignment, grading_items.c.name == item)
        .order_by(gradings.c.id.desc())
    )
    return float(connection.execute(query.limit(1)).scalar_one())


def points_now(connection: Connection, assignment: str, student: str, question: str) -> Points:
    """Return the points of a student with the adjustments so far; `question` is among them."""
    names = replace(names_of(connection, assignment), forgotten={})
    found = current(connection, assignment, names)
    changed = adjustments_of(connection, assignment, names)
    own = [standing for standing in found if standing.student == student]
    (score,) = scores(connection, own, changed, "latest")
    points = points_of(score.standing, score.graded)
    if question and question not in points.items:
        most = _item_maximum(connection, assignment, question)
        points = replace(points, items={**points.items, question: (0.0, most)})
    return adjusted(points, changed.get(student, ())).points


# ---------------------------------------------------------------- two runs


def compare(
    connection: Connection, before: RunRecord, after: RunRecord, names: Names
) -> Comparison:
    """Return what two runs of an assignment differ in, as graded."""
    old, new = of_run(connection, before, names), of_run(connection, after, names)
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
