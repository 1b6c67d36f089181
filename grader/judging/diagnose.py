"""From the evidence to a cause, or silence.

A cause is claimed only if it reproduces everything that was seen: every output of every case, the
right ones included, and the same exception where the student's code raised one. Diagnosis never
changes the score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from grader.judging.compare import compare
from grader.judging.expected import Answer, MisconceptionKey, QuestionKey, matching_lines
from grader.results import Diagnosis, Observation
from grader.spec import Question


def diagnose(
    key: QuestionKey, observations: Mapping[str, Observation], wrong: tuple[str, ...]
) -> tuple[Diagnosis, ...]:
    """Return the known mistakes that explain what was seen; `wrong` are the outputs at fault.

    `observations` are by case. Causes with the same hint are told once.
    """
    seen = [observations[case.id] for case in key.cases]
    reference = [case.expected for case in key.cases]
    if _does(key.question, seen, reference, printed=True):
        return ()
    causes = [m.misconception for m in key.misconceptions if _explains(key, m, seen)]
    by_hint = {cause.hint: cause for cause in reversed(causes)}
    return tuple(Diagnosis(c.cause, c.hint, wrong) for c in reversed(by_hint.values()))


def _explains(key: QuestionKey, mistake: MisconceptionKey, seen: list[Observation]) -> bool:
    """Whether a mistake does in every case what was seen, and at least once returns a value.

    What is printed counts only for a mistake that shows in nothing else.
    """
    returns = any(answer.status == "returned" for answer in mistake.answers)
    if not returns or not _does(key.question, seen, mistake.answers, printed=False):
        return False
    if catching(key, mistake):
        return True
    prints = _does(key.question, seen, mistake.answers, printed=True)
    return prints and _prints_differ(key, mistake)


def is_blind(key: QuestionKey, mistake: MisconceptionKey) -> bool:
    """Whether no case tells a mistake from the reference, so that it can never be claimed."""
    return not catching(key, mistake) and not _prints_differ(key, mistake)


def catching(key: QuestionKey, mistake: MisconceptionKey) -> tuple[str, ...]:
    """Return the cases in which a mistake gives something else than the reference."""
    return tuple(
        case.id
        for answer, case in zip(mistake.answers, key.cases, strict=True)
        if answer.status == "raised" or not _same_value(key.question, answer.value, case.expected)
    )


def _prints_differ(key: QuestionKey, mistake: MisconceptionKey) -> bool:
    due = [case.expected.printed for case in key.cases]
    return _beyond_least([answer.printed for answer in mistake.answers]) != _beyond_least(due)


def _beyond_least(counts: Sequence[int | None]) -> list[int]:
    """Return how many lines are printed in each case beyond what is printed in all of them."""
    known = [count or 0 for count in counts]
    return [count - min(known, default=0) for count in known]


def _does(
    question: Question, seen: Sequence[Observation], answers: Sequence[Answer], *, printed: bool
) -> bool:
    """Whether what was seen is, in every case, what a piece of the course's code does."""
    if not all(_agrees(question, o, answer) for o, answer in zip(seen, answers, strict=True)):
        return False
    due = _beyond_least([answer.printed for answer in answers])
    return not printed or _beyond_least([_printed(question, o) for o in seen]) == due


def _agrees(question: Question, observation: Observation, answer: Answer) -> bool:
    if observation.status != answer.status:
        return False
    if answer.status == "raised":
        error = observation.error
        raised = (error.type, error.message) if error else None
        return raised == (answer.error_type, answer.error_message)
    return _same_value(question, observation.value, answer)


def _same_value(question: Question, actual: object, answer: Answer) -> bool:
    due = answer.value
    # A mistake may return another structure than the one whose elements the question names.
    count = len(question.returns)
    fits = count == 1 or (isinstance(due, tuple) and len(due) == count)
    names = question.returns if fits else ("result",)
    asked = replace(question, returns=names, extra=question.extra and fits)
    comparisons = compare(asked, actual, due)
    return not any(comparison.fault for comparison in comparisons)


def _printed(question: Question, observation: Observation) -> int | None:
    if observation.status != "returned":
        return None
    return matching_lines(observation.printed, question.printed)
