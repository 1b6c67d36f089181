"""What an instructor's adjustments make of a score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from grader.batch.gradebook.records import AdjustmentKind, AdjustmentRecord
from grader.errors import UsageError
from grader.results import Adjustment, SubmissionResult

_SAME = 1e-9  # points: less is the arithmetic's


@dataclass(frozen=True)
class Points:
    """What a hand-in has and may have: of the whole, and of each item by name."""

    score: float
    max_score: float
    items: Mapping[str, tuple[float, float]]
    """The score and the maximum of each."""


@dataclass(frozen=True)
class Adjusted:
    """Points with adjustments, and the difference that each of them makes."""

    points: Points
    adjustments: tuple[Adjustment, ...]


def adjusted(points: Points, records: Iterable[AdjustmentRecord]) -> Adjusted:
    """Return points with adjustments, which count in the order in which they were made.

    No score falls below 0. One rises above the maximum only by an adjustment that is allowed
    `beyond` it.
    """
    found = []
    for record in records:
        difference = _difference(points, record)
        items = dict(points.items)
        if record.question:
            before, most = items.get(record.question, (0.0, points.max_score))
            items[record.question] = before + difference, most
        points = replace(points, score=points.score + difference, items=items)
        found.append(Adjustment(difference, record.reason, record.who, record.question))
    return Adjusted(points, tuple(found))


def _difference(points: Points, record: AdjustmentRecord) -> float:
    before, most = points.score, points.max_score
    if record.question:
        before, most = points.items.get(record.question, (0.0, points.max_score))
    target = record.points if record.kind == "set" else before + record.points
    if not record.beyond:
        target = min(target, most if record.kind == "set" else max(most, before))
    wanted = max(0.0, target) - before
    if not record.beyond:
        wanted = min(wanted, max(0.0, points.max_score - points.score))
    return max(wanted, -points.score)


def check(points: Points, kind: AdjustmentKind, by: float, question: str) -> None:
    """Raise UsageError if an adjustment leads beyond the maximum as things stand."""
    before, most = points.score, points.max_score
    of = ""
    if question:
        (before, most), of = points.items[question], f" of `{question}`"
    target = by if kind == "set" else before + by
    if target > most + _SAME and target > before:
        what = f"expected 0 to {most:g}" if kind == "set" else f"that makes {target:g} of {most:g}"
        raise UsageError(f"{by:g} points{of}: {what}; --beyond allows more")
    total = points.score + target - before
    if total > points.max_score + _SAME and target > before:
        raise UsageError(
            f"{by:g} points{of}: that makes {total:g} of {points.max_score:g} points in all; "
            "--beyond allows more"
        )


def with_adjustments(
    result: SubmissionResult, records: Iterable[AdjustmentRecord]
) -> SubmissionResult:
    """Return a result as graded with the adjustments, to the whole and to its questions."""
    items = {question.name: (question.score, question.max_score) for question in result.questions}
    made = adjusted(Points(result.score, result.max_score, items), records)
    if not made.adjustments:
        return result
    questions = tuple(
        replace(question, score=made.points.items[question.name][0])
        for question in result.questions
    )
    return replace(
        result, score=made.points.score, questions=questions, adjustments=made.adjustments
    )
