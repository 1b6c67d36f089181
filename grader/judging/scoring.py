"""From observations to points: each question, its outputs, its cases.

A question's points are split evenly over its outputs; an output earns its share only if it is
right in every scored case.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping
from dataclasses import replace

from grader.judging.calls import calls
from grader.judging.compare import compare
from grader.judging.diagnose import diagnose
from grader.judging.expected import AnswerKey, CaseKey, QuestionKey
from grader.judging.failures import first_failure, reason, unbound_name
from grader.results import (
    CaseResult,
    Comparison,
    Observation,
    OutputResult,
    QuestionResult,
    RaisedError,
    Run,
    Status,
)
from grader.spec import Question
from grader.values import addresses

# From bad to worse: a question has the worst status of its scored cases.
SEVERITY: tuple[Status, ...] = ("passed", "failed", "errored", "timed_out", "crashed", "missing")

# Exceptions that NumPy raises under names of its own. Others than these and Python's may be named
# by the student's code after what it was given, so they are not named in hidden cases.
NUMPY_ERRORS = {"LinAlgError", "AxisError", "DTypePromotionError", "UFuncTypeError"}


def judge(key: AnswerKey, run: Run, missing: Mapping[str, str]) -> tuple[QuestionResult, ...]:
    """Judge one notebook's run; `missing` says why the notebook does not define an item."""
    by_question: dict[str, dict[str, Observation]] = {}
    for observation in run.observations:
        by_question.setdefault(observation.question, {})[observation.case] = observation
    results = [
        judge_question(question, by_question[question.question.name], run, missing)
        for question in key.questions
    ]
    passed = {result.name for result in results if result.status == "passed"}
    return tuple(
        _point_to_helpers(result, question.question, passed)
        for result, question in zip(results, key.questions, strict=True)
    )


def _point_to_helpers(
    result: QuestionResult, question: Question, passed: set[str]
) -> QuestionResult:
    """Name the helpers that are not right, where the item is not right either."""
    wrong = [f"`{helper}`" for helper in question.helpers if helper not in passed]
    if result.status in ("passed", "missing") or not wrong:
        return result
    verb = "is" if len(wrong) == 1 else "are"
    hint = f"It builds on {' and '.join(wrong)}, which {verb} not right yet: start there."
    return replace(result, message=f"{result.message} {hint}")


def judge_question(
    key: QuestionKey,
    observations: Mapping[str, Observation],
    run: Run,
    missing: Mapping[str, str],
) -> QuestionResult:
    """Judge one question from its observations, which are by case."""
    question = key.question
    by_case = {
        case.id: _case_results(key, case, observations[case.id], run, missing) for case in key.cases
    }
    outputs = tuple(_output(path, by_case.values()) for path in key.outputs)
    right = sum(output.status == "passed" for output in outputs)
    wrong = tuple(output.path for output in outputs if output.status != "passed")
    return QuestionResult(
        name=question.name,
        title=question.title,
        status=_worst(output.status for output in outputs),
        score=question.points * right / len(outputs),
        max_score=question.points,
        message=_summary(outputs),
        outputs=outputs,
        diagnoses=diagnose(key, observations, wrong),
        calls=calls(key) if wrong else (),
    )


def _case_results(
    key: QuestionKey,
    case: CaseKey,
    observation: Observation,
    run: Run,
    missing: Mapping[str, str],
) -> dict[str, CaseResult]:
    """Return what one case shows of each output, by address."""
    if observation.status == "returned":
        comparisons = compare(key.question, observation.value, case.expected.value)
        return {found.path: _compared(case, found) for found in comparisons}
    status, message = _not_returned(key, case, observation, run, missing)
    lost = CaseResult(case.id, case.visible, status, None, message, case.scored)
    return dict.fromkeys(addresses(case.expected.value, key.question.returns), lost)


def _compared(case: CaseKey, comparison: Comparison) -> CaseResult:
    status: Status = "failed" if comparison.fault else "passed"
    message = comparison.message if case.visible else comparison.hidden_message
    return CaseResult(case.id, case.visible, status, comparison.fault, message, case.scored)


# ---------------------------------------------------------------- nothing came back


def _not_returned(
    key: QuestionKey,
    case: CaseKey,
    observation: Observation,
    run: Run,
    missing: Mapping[str, str],
) -> tuple[Status, str]:
    name, error = key.question.name, observation.error
    if observation.status == "missing":
        return "missing", _why_missing(name, run, missing)
    if observation.status == "timed_out":
        return (
            "timed_out",
            f"`{name}` was stopped after {observation.seconds:g} s without a result.",
        )
    if observation.status == "raised" and error:
        words = _raised(name, error, run, missing) if case.visible else _raised_hidden(name, error)
        return "errored", words
    status, words = _STATUS_AND_WORDS[observation.status]
    return status, words.format(name=name)


_STATUS_AND_WORDS: dict[str, tuple[Status, str]] = {
    "crashed": ("crashed", "`{name}` ended the notebook's process instead of returning a result."),
    "not_a_function": ("errored", "`{name}` is not a function, so it cannot be called."),
    "unreadable": ("errored", "What `{name}` returned could not be read."),
    "raised": ("errored", "`{name}` raised an exception."),
}


def _why_missing(name: str, run: Run, missing: Mapping[str, str]) -> str:
    if name in missing:
        return missing[name]
    failure = first_failure(name, run.failures)
    if failure:
        return f"`{name}` could not be made, because {reason(failure)}."
    return f"`{name}` is not there after the notebook has run."


def _raised(name: str, error: RaisedError, run: Run, missing: Mapping[str, str]) -> str:
    """Say which exception, where, in its own words and, for an unbound name, why."""
    words = f": {error.message.rstrip('.')}" if error.message else ""
    message = f"`{name}` raised {error.type}{_in(error)}{words}."
    unbound = unbound_name(error)
    if unbound is None:
        return message
    failure = first_failure(unbound, run.failures)
    if failure:
        return f"{message} That is because {reason(failure)}."
    return f"{message} {missing[unbound]}" if unbound in missing else message


def _raised_hidden(name: str, error: RaisedError) -> str:
    """Say which exception and where; its words could tell the inputs."""
    return f"`{name}` raised {_safe_type(error.type)}{_in(error)}."


def _in(error: RaisedError) -> str:
    code = f" (`{error.code}`)" if error.code and "`" not in error.code else ""
    return f" in {error.place}{code}" if error.place else ""


def _safe_type(name: str) -> str:
    builtin = getattr(builtins, name, None)
    known = isinstance(builtin, type) and issubclass(builtin, BaseException)
    return name if known or name in NUMPY_ERRORS else "an exception"


# ---------------------------------------------------------------- over all cases


def _output(path: str, by_case: Iterable[Mapping[str, CaseResult]]) -> OutputResult:
    cases = tuple(results[path] for results in by_case if path in results)
    scored = [case for case in cases if case.scored]
    wrong = [case for case in scored if case.status != "passed"]
    # What is shown for the output: a visible case if one is wrong, for it says the most.
    shown = next((case for case in wrong if case.visible), next(iter(wrong), None))
    message = shown.message if shown else ""
    if wrong and not any(case.visible for case in wrong):
        message += " This shows only in hidden cases."
    # Where the scored cases crash, an example may still show what is wrong with the output.
    example = next((case for case in cases if not case.scored and case.fault), None)
    if shown and not shown.fault and example:
        shown, message = example, f"{message} In the exercise's example: {example.message}"
    return OutputResult(
        path=path,
        status=_worst(case.status for case in scored),
        fault=shown.fault if shown else None,
        message=message,
        cases=cases,
    )


def _summary(outputs: tuple[OutputResult, ...]) -> str:
    """Say in one sentence what is wrong with the question."""
    wrong = [output for output in outputs if output.status != "passed"]
    if not wrong:
        return ""
    lost = [output for output in wrong if output.status != "failed"]
    if lost:
        worst = max(lost, key=lambda output: SEVERITY.index(output.status))
        return next(c.message for c in worst.cases if c.scored and c.status == worst.status)
    if len(outputs) == 1:
        return wrong[0].message
    names = ", ".join(f"`{output.path}`" for output in wrong)
    how_many = "All" if len(wrong) == len(outputs) else str(len(wrong))
    verb = "is" if len(wrong) == 1 else "are"
    return f"{how_many} of {len(outputs)} outputs {verb} wrong: {names}."


def _worst(statuses: Iterable[Status]) -> Status:
    return max(statuses, key=SEVERITY.index, default="passed")
