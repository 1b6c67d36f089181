"""What `grader grade` runs of the course's code besides the cases, tried for `grader verify`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.errors import NoAnswerError
from grader.judging.compare import compare
from grader.judging.evidence import unexplained, with_evidence
from grader.judging.expected import AnswerKey, CaseKey, QuestionKey
from grader.judging.helpers import Helpers
from grader.wire import WireError, unpack

SECONDS = 10.0  # for one answer


def rehearsal_problems(
    key: AnswerKey, course: Path, secret: bytes, cache: Path | None
) -> Iterator[str]:
    """Yield what would fail, or be missing, when a class is graded."""
    if key.assignment.explains:
        yield from unexplained(with_evidence(key, course, secret, cache))
    helpers = Helpers(lambda: course, key.assignment.name)
    try:
        for each in _answered_for(key):
            if problem := _problem(helpers, each):
                yield f"`{each.question.name}`: in place of a student's own, {problem}"
    finally:
        helpers.close()


def _answered_for(key: AnswerKey) -> Iterator[QuestionKey]:
    """Yield the functions for which the reference answers where others use them."""
    used = {name for each in key.questions for name in each.question.helpers}
    for each in key.questions:
        if each.question.name in used and each.question.kind == "function":
            yield each


def _problem(helpers: Helpers, key: QuestionKey) -> str:
    """Let the reference answer for a helper as it would for a student's; "" if it does."""
    case = key.cases[0]
    given = dict(zip(key.question.parameters, case.arguments, strict=False))
    try:
        said = unpack(helpers.answer(key.question.name, given, None, SECONDS).packed)
    except (NoAnswerError, WireError) as error:
        return str(error)
    if said["status"] != "returned":
        return f"the reference raised {said['type']}: {said['message']} (case {case.id})"
    if not key.draws and not _is_right(key, case, said["value"]):
        return f"the reference answers differently (case {case.id})"
    return ""


def _is_right(key: QuestionKey, case: CaseKey, value: object) -> bool:
    return not any(each.fault for each in compare(key.question, value, case.expected.value))
