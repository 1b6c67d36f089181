"""A trial: what would change in the gradebook if a run were recorded."""

from __future__ import annotations

from collections.abc import Sequence

from grader.batch.gradebook import Change, Gradebook, Graded, ItemScore, Standing, sound
from grader.batch.gradebook.standings import change_of
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
        self._names = gradebook.names(assignment)
        self.changes: list[Change] = []
        self.new: list[str] = []
        self.lost: list[str] = []
        self.same = 0

    def compare(self, finished: Sequence[tuple[int, Graded]]) -> Sequence[tuple[int, Graded]]:
        """Compare results with what stands; return them as they would be recorded."""
        told = [(position, sound(graded)) for position, graded in finished]
        for _, graded in told:
            before = self._before.get(self._names.of(graded.student))
            if graded.result.status == "not_graded":
                self.lost.append(graded.student)
            elif before is None:
                self.new.append(graded.student)
            elif change := change_of(
                before.standing, before.graded, _standing(graded), _items(graded.result)
            ):
                self.changes.append(change)
            else:
                self.same += 1
        return told


def _items(result: SubmissionResult) -> list[ItemScore]:
    return [ItemScore(q.name, q.status, q.score, q.max_score) for q in result.questions]


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
        late=graded.late,
    )
