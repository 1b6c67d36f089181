"""How much students are told of what was found, as the assignment has it (`feedback`).

`why` tells causes, `where` the lines only, `what` what is wrong with the outputs. `points` tells of
hidden cases no more than the points of an item do: whoever may hand in again and again learns the
least by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from grader.judging import wording
from grader.judging.outputs import SEVERITY, output_of, worst
from grader.results import QuestionResult
from grader.spec import Feedback


def as_told(results: Iterable[QuestionResult], feedback: Feedback) -> tuple[QuestionResult, ...]:
    """Return the results as far as students are to be told of them. No score changes."""
    if feedback == "why":
        return tuple(results)
    if feedback == "where":
        return tuple(replace(result, diagnoses=()) for result in results)
    known = tuple(replace(result, diagnoses=(), location=None) for result in results)
    return tuple(map(_of_visible_cases, known)) if feedback == "points" else known


def _of_visible_cases(result: QuestionResult) -> QuestionResult:
    """Return what the visible cases show, and the points."""
    if result.inherits:
        result = replace(result, message="", suspects=(), inherits=())
    if not any(not case.visible for output in result.outputs for case in output.cases):
        return result
    outputs = tuple(
        output_of(output.path, [case for case in output.cases if case.visible])
        for output in result.outputs
    )
    status = worst(output.status for output in outputs)
    message = wording.summary(outputs, SEVERITY)
    if status == "passed" and result.score < result.max_score:
        status, message = "failed", wording.not_in_hidden_cases(result.name)
    return replace(result, status=status, message=message, outputs=outputs, suspects=())
