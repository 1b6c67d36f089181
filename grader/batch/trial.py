"""A trial: what would change in the gradebook if a run were recorded."""

from __future__ import annotations

from collections.abc import Sequence

from grader.batch.gradebook import Change, Gradebook, Graded, ItemChange, ItemScore, Score, Standing
from grader.results import SubmissionResult


class Trial:
    """Compares results with the scores that stand in the gradebook; records nothing.

    `changes` are scores that would change, as graded; `new` students who have none yet; `lost`
    those whom the grader failed to grade.
    """

    def __init__(self, gradebook: Gradebook, assignment: str) -> None:
        known = assignment in gradebook.assignments()
        scores = gradebook.scores(assignment) if known else []
        self._before = {score.student: score for score in scores}
        self.changes: list[Change] = []
        self.new: list[str] = []
        self.lost: list[str] = []
        self.same = 0

    def compare(self, finished: Sequence[tuple[int, Graded]]) -> None:
        """Compare results with what stands."""
        for _, graded in finished:
            before = self._before.get(graded.student)
            if graded.result.status == "not_graded":
                self.lost.append(graded.student)
            elif before is None:
                self.new.append(graded.student)
            elif _differs(before, graded.result):
                self.changes.append(_change(before, graded))
            else:
                self.same += 1


def _differs(before: Score, result: SubmissionResult) -> bool:
    standing = before.standing
    old = standing.status, round(standing.score, 9), _rounded(before.items)
    return old != (result.status, round(result.score, 9), _rounded(_items(result)))


def _rounded(items: Sequence[ItemScore]) -> list[tuple[str, str, float]]:
    return [(item.name, item.status, round(item.score, 9)) for item in items]


def _items(result: SubmissionResult) -> list[ItemScore]:
    return [ItemScore(q.name, q.status, q.score, q.max_score) for q in result.questions]


def _change(before: Score, graded: Graded) -> Change:
    old = {item.name: item for item in before.items}
    new = {item.name: item for item in _items(graded.result)}
    items = [ItemChange(name, old.get(name), new.get(name)) for name in {**old, **new}]
    changed = tuple(item for item in items if item.before != item.after)
    return Change(graded.student, before.standing, _standing(graded), changed)


def _standing(graded: Graded) -> Standing:
    """Return what would stand in the gradebook; a trial has no numbers to be found there by."""
    return Standing(
        student=graded.student,
        digest=graded.digest,
        path=graded.path,
        handed_in=graded.handed_in,
        when=graded.handed_in,
        grading=0,
        run=0,
        key_digest="",
        status=graded.result.status,
        score=graded.result.score,
        max_score=graded.result.max_score,
        graded_at="",
    )
