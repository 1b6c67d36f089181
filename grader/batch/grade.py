"""The pipeline for one submission, on one screen; the same for a class over an executor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from pathlib import Path

import grader
from grader.errors import SubmissionError
from grader.execution.plan import plan
from grader.execution.runner import Request, Runner
from grader.judging.expected import AnswerKey
from grader.judging.failures import failure_notes
from grader.judging.scoring import judge
from grader.results import RESULTS_VERSION, ClassResult, SubmissionResult, SubmissionStatus
from grader.submission import SubmissionFile, read_notebook


@dataclass(frozen=True)
class Task:
    """What is the same for all submissions: the answer key, the Runner, the support modules."""

    key: AnswerKey
    runner: Runner
    support: Path | None = None


def grade_submission(task: Task, submission: SubmissionFile) -> SubmissionResult:
    """Grade one submission."""
    assignment = task.key.assignment
    try:
        notebook = read_notebook(submission.path)
    except SubmissionError as error:
        return _ungraded(task, submission, "unreadable", str(error))
    planned = plan(notebook, assignment)
    run = task.runner.run(planned, requests(task.key), assignment.limits, task.support)
    failures = (*planned.broken, *run.failures)
    questions = judge(task.key, run.observations, failures, planned.sources)
    return SubmissionResult(
        student=submission.student,
        path=str(submission.path),
        status="graded",
        score=sum(question.score for question in questions),
        max_score=assignment.points,
        questions=questions,
        notes=(*failure_notes(failures), *planned.notes),
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
        return _ungraded(task, submission, "failed", message)


def requests(key: AnswerKey) -> list[Request]:
    """Return the calls of an assignment, in the order of its questions."""
    return [
        Request(
            question=each.question.name,
            case=case.id,
            kind=each.question.kind,
            name=each.question.name,
            arguments=case.arguments,
            required=each.question.required,
            seed=case.seed,
        )
        for each in key.questions
        for case in each.cases
    ]


def _ungraded(
    task: Task, submission: SubmissionFile, status: SubmissionStatus, message: str
) -> SubmissionResult:
    return SubmissionResult(
        student=submission.student,
        path=str(submission.path),
        status=status,
        score=0.0,
        max_score=task.key.assignment.points,
        message=message,
    )
