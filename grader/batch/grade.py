"""The pipeline for one submission, on one screen; the same for a class over an executor."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

import grader
from grader.errors import SubmissionError
from grader.execution.plan import Plan
from grader.execution.runner import Request, Runner
from grader.judging.expected import AnswerKey, CaseKey
from grader.judging.failures import failure_notes
from grader.judging.scoring import judge
from grader.results import (
    RESULTS_VERSION,
    ClassResult,
    Note,
    Observation,
    SubmissionResult,
    SubmissionStatus,
)
from grader.spec import Question
from grader.submission import SubmissionFile, readable


@dataclass(frozen=True)
class Task:
    """What is the same for all submissions: the answer key, the Runner, the support modules.

    `notes` is what every report has to say.
    """

    key: AnswerKey
    runner: Runner
    support: Path | None = None
    notes: tuple[Note, ...] = ()


def grade_submission(task: Task, submission: SubmissionFile) -> SubmissionResult:
    """Grade one submission."""
    assignment = task.key.assignment
    try:
        planned = task.runner.plan(submission.path, assignment)
    except SubmissionError as error:
        return _ungraded(task, submission, "unreadable", str(error))
    own, missing = _split(requests(task.key), planned)
    run = task.runner.run(planned, own, assignment.limits, task.support)
    failures = (*planned.broken, *run.failures)
    questions = judge(task.key, (*missing, *run.observations), failures, planned.sources)
    return SubmissionResult(
        student=submission.student,
        path=readable(submission.path),
        status="graded",
        score=sum(question.score for question in questions),
        max_score=assignment.points,
        questions=questions,
        notes=(*task.notes, *failure_notes(failures), *planned.notes),
    )


def grade_class(
    task: Task,
    submissions: Sequence[SubmissionFile],
    executor: Executor,
    on_result: Callable[[SubmissionResult], None],
) -> ClassResult:
    """Grade all submissions; call `on_result` as each is done. The result keeps their order."""
    futures = {executor.submit(_safely, task, file): i for i, file in enumerate(submissions)}
    results: dict[int, SubmissionResult] = {}
    for future in as_completed(futures):
        results[futures[future]] = future.result()
        on_result(future.result())
    return ClassResult(
        version=RESULTS_VERSION,
        assignment=task.key.assignment.name,
        title=task.key.assignment.title,
        grader_version=grader.__version__,
        submissions=tuple(results[i] for i in range(len(submissions))),
    )


def _safely(task: Task, submission: SubmissionFile) -> SubmissionResult:
    """Grade one submission; an error of the grader's own costs this one alone, and is named."""
    try:
        return grade_submission(task, submission)
    except Exception as error:  # noqa: BLE001 - the others must go on
        message = f"the grader failed on this notebook ({type(error).__name__}: {error})"
        return _ungraded(task, submission, "not_graded", message)


def requests(key: AnswerKey) -> list[Request]:
    """Return the calls of an assignment: all visible cases first, then the hidden ones.

    In visible cases the student sees what the code returns and raises. Asked before, it cannot
    tell there what it was given in hidden ones.
    """
    cases = [(each.question, case) for each in key.questions for case in each.cases]
    ordered = sorted(cases, key=lambda pair: not pair[1].visible)
    asked = [_request(question, case) for question, case in ordered]
    return [*asked, *_repeats(key)]


def _repeats(key: AnswerKey) -> Iterable[Request]:
    """Return one more call of a hidden case of each function, to see whether it gives the same.

    Which one is drawn by the secret that the hidden cases are drawn by.
    """
    for each in key.questions:
        hidden = [case for case in each.cases if not case.visible]
        if each.question.kind == "function" and hidden:
            case = hidden[zlib.crc32(hidden[-1].packed_arguments) % len(hidden)]
            yield replace(_request(each.question, case), repeat=True)


def _request(question: Question, case: CaseKey) -> Request:
    return Request(
        question=question.name,
        case=case.id,
        kind=question.kind,
        name=question.name,
        arguments=case.arguments,
        parameters=question.parameters,
        required=question.required,
        reads=question.reads,
        unused=question.unused,
        visible=case.visible,
        seed=case.seed,
        keeps_seed=question.seed is not None,
    )


def _split(asked: list[Request], planned: Plan) -> tuple[list[Request], list[Observation]]:
    """Leave out what the notebook does not define: an import may have brought the name along."""
    asked = [replace(request, name=planned.names[request.question]) for request in asked]
    if planned.untraceable:
        return asked, []
    own = [
        _as_defined(request, planned) for request in asked if request.name in planned.definitions
    ]
    others = [request for request in asked if request.name not in planned.definitions]
    return own, [request.observed("missing") for request in others]


def _as_defined(request: Request, planned: Plan) -> Request:
    parameters = planned.sources[request.question].parameters
    return replace(request, takes=len(parameters)) if parameters else request


def _ungraded(
    task: Task, submission: SubmissionFile, status: SubmissionStatus, message: str
) -> SubmissionResult:
    return SubmissionResult(
        student=submission.student,
        path=readable(submission.path),
        status=status,
        score=0.0,
        max_score=task.key.assignment.points,
        message=message,
    )
