"""What an instructor's adjustments make of a score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from grader.batch.gradebook.records import AdjustmentRecord
from grader.results import Adjustment, SubmissionResult


def adjusted(
    score: float, items: Mapping[str, float], records: Iterable[AdjustmentRecord]
) -> tuple[float, tuple[Adjustment, ...]]:
    """Return the score with the adjustments, and the difference that each of them makes.

    They count in the order in which they were made. No score falls below 0; it may exceed the
    maximum, as a bonus does.
    """
    now, found = dict(items), []
    for record in records:
        before = now.get(record.question, 0.0) if record.question else score
        target = record.points if record.kind == "set" else before + record.points
        difference = max(max(0.0, target) - before, -score)
        now[record.question] = before + difference
        score += difference
        found.append(Adjustment(difference, record.reason, record.who, record.question))
    return score, tuple(found)


def with_adjustments(
    result: SubmissionResult, records: Iterable[AdjustmentRecord]
) -> SubmissionResult:
    """Return a result as graded with the adjustments."""
    items = {question.name: question.score for question in result.questions}
    score, found = adjusted(result.score, items, records)
    return replace(result, score=score, adjustments=found)
