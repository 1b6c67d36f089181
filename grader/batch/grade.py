"""The pipeline for one submission, on one screen."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

from grader.batch.following import Following
from grader.errors import SubmissionError
from grader.execution.plan import Plan
from grader.execution.runner import Again, Request, Runner
from grader.judging.expected import AnswerKey, CaseKey
from grader.judging.explain import Explainer, explained
from grader.judging.failures import failure_notes
from grader.judging.helpers import Helpers
from grader.judging.repairs.trying import Trial
from grader.judging.scoring import judge, not_right
from grader.results import (
    Note,
    Observation,
    QuestionResult,
    Run,
    SubmissionResult,
    SubmissionStatus,
    ungraded,
)
from grader.spec import Question
from grader.submission import SubmissionFile, readable


@dataclass(frozen=True)
class Task:
    """What is the same for all submissions: the answer key, the Runner, the support modules.

    `notes` is what every report has to say; `others` are the names of the functions that the
    course's other assignments grade, by assignment. Without `helpers`, who answer for wrong ones,
    there is no follow-through.
    """

    key: AnswerKey
    runner: Runner
    support: Path | None = None
    notes: tuple[Note, ...] = ()
    others: Mapping[str, frozenset[str]] = field(default_factory=dict)
    helpers: Helpers | None = None


@dataclass(frozen=True)
class Timed:
    """A result, and the seconds that each stage took."""

    result: SubmissionResult
    stages: Mapping[str, float] = field(default_factory=dict)


def grade_submission(task: Task, submission: SubmissionFile) -> SubmissionResult:
    """Grade one submission."""
    return grade_timed(task, submission).result


def grade_timed(task: Task, submission: SubmissionFile) -> Timed:
    """Grade one submission, and see how long it takes."""
    assignment, stages = task.key.assignment, _Stages()
    try:
        with stages.time("plan"):
            planned = task.runner.plan(submission.path, assignment)
    except SubmissionError as error:
        return Timed(not_run(task, submission, "unreadable", str(error)), stages)
    own, missing = _split(requests(task.key), planned)

    explainer = Explainer(task.key, planned.sources)
    again = _rounds(task, explainer, own, missing)
    run = task.runner.run(planned, own, assignment.limits, task.support, again)
    failures = (*planned.broken, *run.failures)
    with stages.time("judge"):
        seen = (*missing, *run.observations)
        questions = judge(task.key, seen, failures, planned.sources)
        questions = explained(questions, explainer, assignment.feedback)
    with stages.time("follow-through"):
        questions = _followed(task, planned, run, own, questions)
    result = SubmissionResult(
        student=submission.student,
        path=readable(submission.path),
        status="graded",
        score=sum(question.score for question in questions),
        max_score=assignment.points,
        questions=questions,
        notes=(
            *task.notes,
            *_mistaken(task, planned),
            *_not_explained(explainer),
            *failure_notes(failures),
            *planned.notes,
        ),
    )
    return Timed(result, {**stages, **run.seconds})


def _followed(
    task: Task,
    planned: Plan,
    run: Run,
    asked: Sequence[Request],
    questions: tuple[QuestionResult, ...],
) -> tuple[QuestionResult, ...]:
    """Tell inherited errors from an item's own."""
    if task.helpers is None:
        return questions
    given = task.key, task.runner, task.support, task.helpers
    return Following(*given, planned, run, asked).judged(questions)


def _not_explained(explainer: Explainer) -> Iterator[Note]:
    if explainer.failure:
        message = f"The grader could not say why answers are wrong: {explainer.failure}"
        yield Note("warning", message)


class _Stages(dict[str, float]):
    """Seconds by stage."""

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Count the time that something takes to a stage."""
        started = perf_counter()
        try:
            yield
        finally:
            self[stage] = self.get(stage, 0.0) + perf_counter() - started


def _mistaken(task: Task, planned: Plan) -> Iterator[Note]:
    """Tell a notebook that looks like one for another assignment of the course."""
    own = {each.name for each in task.key.assignment.questions if each.kind == "function"}
    shares = {
        name: len(theirs & planned.functions) / len(theirs) for name, theirs in task.others.items()
    }
    likely = max(shares, key=lambda name: shares[name], default="")
    here = len(own & planned.functions)
    # Helpers go by the same names in several assignments: half of them, and twice this one's share.
    if likely and shares[likely] >= max(0.5, 2 * here / max(1, len(own))):
        theirs = task.others[likely]
        message = (
            f"This looks like another assignment: of the {len(theirs)} functions of `{likely}` it "
            f"defines {len(theirs & planned.functions)}, of this one's {len(own)} it defines "
            f"{here or 'none'}. Was the right notebook handed in?"
        )
        yield Note("error", message)


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


def _rounds(
    task: Task, explainer: Explainer, asked: Sequence[Request], missing: Sequence[Observation]
) -> Again | None:
    """Return what asks for the calls by which causes are found, if they are looked for."""
    if not any(each.evidence for each in task.key.questions):
        return None
    by_call = {(each.question, each.case): each for each in asked if not each.repeat}
    first = True

    def again(seen: Sequence[Observation]) -> Sequence[Request]:
        nonlocal first
        if first:
            every = (*missing, *seen)
            lost = {o.question for o in every if o.status not in ("returned", "raised")}
            trials = explainer.begin(not_right(task.key, every), lost)
            first = False
        else:
            trials = explainer.next(seen)
        return [_tried(by_call[trial.question, trial.case], trial) for trial in trials]

    return again


def _tried(request: Request, trial: Trial) -> Request:
    return replace(
        request,
        traced=trial.traced,
        lines=trial.lines,
        source=trial.source,
        version=trial.version,
        arguments=request.arguments if trial.arguments is None else trial.arguments,
    )


def _as_defined(request: Request, planned: Plan) -> Request:
    parameters = planned.sources[request.question].parameters
    return replace(request, takes=len(parameters)) if parameters else request


def not_run(
    task: Task, submission: SubmissionFile, status: SubmissionStatus, message: str
) -> SubmissionResult:
    """Return the result of a submission that was not graded, and why."""
    path, points = readable(submission.path), task.key.assignment.points
    return ungraded(submission.student, path, status, points, message)
