"""The pipeline for one submission, on one screen."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

from grader.batch.following import Following, lost_cells
from grader.batch.own_cases import OwnCases
from grader.batch.whole import (
    as_it_stood,
    better_founded,
    doubtful,
    left_over,
    other_run_notes,
)
from grader.errors import DisturbedError, SubmissionError
from grader.execution.plan import Plan
from grader.execution.runner import Again, Request, Runner
from grader.judging.expected import AnswerKey, CaseKey
from grader.judging.explain import Explainer, explained
from grader.judging.failures import failure_notes, rebound
from grader.judging.feedback import as_told
from grader.judging.helpers import Helpers
from grader.judging.repairs.trying import Trial
from grader.judging.scoring import judge, not_right
from grader.results import (
    CellFailure,
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

MAX_NOTES = 100  # on a page


@dataclass(frozen=True)
class Task:
    """What is the same for all submissions: the answer key, the Runner, the support modules.

    `notes` is what every report has to say; `others` are the names of the functions that the
    course's other assignments grade, by assignment. Without `helpers`, who answer for wrong ones,
    there is no follow-through. `beside` is what was handed in beside one notebook; it lies in
    `support`, too. With `cases`, those of the key are the submission's own. The `last` try takes
    what the notebook itself may have cut short.
    """

    key: AnswerKey
    runner: Runner
    support: Path | None = None
    notes: tuple[Note, ...] = ()
    others: Mapping[str, frozenset[str]] = field(default_factory=dict)
    helpers: Helpers | None = None
    beside: Mapping[str, bytes] = field(default_factory=dict)
    cases: OwnCases | None = None
    last: bool = False

    @property
    def causes(self) -> AnswerKey:
        """The key with which causes are looked for: that of the class."""
        return self.cases.key if self.cases else self.key


@dataclass(frozen=True)
class Timed:
    """A result, and the seconds that each stage took."""

    result: SubmissionResult
    stages: Mapping[str, float] = field(default_factory=dict)


def grade_submission(task: Task, submission: SubmissionFile) -> SubmissionResult:
    """Grade one submission."""
    return grade_timed(task, submission).result


def grade_timed(task: Task, submission: SubmissionFile) -> Timed:
    """Grade one submission, and see how long it takes.

    Where the machine fails meanwhile, all is done once more. Raises what it fails with then:
    DisturbedError, OSError, MemoryError.
    """
    try:
        return _once(task, submission)
    except (DisturbedError, OSError, MemoryError):
        return _once(replace(task, last=True), submission)


def _once(task: Task, submission: SubmissionFile) -> Timed:
    stages = _Stages()
    try:
        with stages.time("plan"):
            planned = task.runner.plan(submission.path, task.key.assignment, task.beside)
    except SubmissionError as error:
        return Timed(not_run(task, submission, "unreadable", str(error)), stages)
    first = _attempt(task, planned, stages)
    with stages.time("judge"):
        graded = _Graded(first, judge(task.key, first.seen, first.failures, planned.sources))
    other = _other_run(task, submission, graded, stages)
    if other:
        with stages.time("judge"):
            graded = _better_of(task.key, graded, *other)
    with stages.time("judge"):
        questions = graded.explained()
    with stages.time("follow-through"):
        questions = graded.followed(task, questions)
    return Timed(_result(task, submission, graded, questions), stages)


@dataclass(frozen=True)
class _Attempt:
    """One run of a notebook, what was seen in it, and what looked for causes in it."""

    planned: Plan
    run: Run
    seen: tuple[Observation, ...]
    explainer: Explainer

    @property
    def failures(self) -> tuple[CellFailure, ...]:
        """The parts of the notebook that did not run."""
        return (*self.planned.broken, *self.run.failures)


@dataclass(frozen=True)
class _Graded:
    """A notebook's run as planned, what it is judged to be, and what counts of another run."""

    first: _Attempt
    questions: tuple[QuestionResult, ...]
    other: _Attempt | None = None
    items: frozenset[str] = frozenset()

    def explained(self) -> tuple[QuestionResult, ...]:
        """Return the results with the causes that were found in the run that counts for each."""
        found = explained(self.questions, self.first.explainer)
        if self.other is None:
            return found
        again = explained(self.questions, self.other.explainer)
        return self._of_runs(found, again)

    def followed(
        self, task: Task, questions: tuple[QuestionResult, ...]
    ) -> tuple[QuestionResult, ...]:
        """Return the results with inherited errors told from an item's own, in the same run."""
        names = frozenset(each.name for each in questions)
        found = _followed(task, self.first, questions, names - self.items)
        if self.other is None or not self.items:
            return found
        return self._of_runs(found, _followed(task, self.other, questions, self.items))

    def _of_runs(
        self, first: Sequence[QuestionResult], other: Sequence[QuestionResult]
    ) -> tuple[QuestionResult, ...]:
        pairs = zip(first, other, strict=True)
        return tuple(again if one.name in self.items else one for one, again in pairs)

    def notes(self, key: AnswerKey) -> Iterator[Note]:
        """Say what failed, and which items were graded in another run; why, if that was shown."""
        failures = self.first.failures
        if self.other is not None and self.items:
            failures = left_over(failures, self.other.failures)
            items = [each.name for each in self.questions if each.name in self.items]
            visible = {(q.question.name, c.id) for q in key.questions for c in q.cases if c.visible}
            shown = [each for each in self.first.seen if (each.question, each.case) in visible]
            failed = self.first.run.failures
            notes = other_run_notes(items, shown, failed, self.first.planned)
            told = key.assignment.feedback != "points"
            yield from (note for note, is_shown in notes if told or is_shown)
        yield from failure_notes(failures)
        yield from self.first.planned.notes


def _attempt(
    task: Task,
    planned: Plan,
    stages: _Stages,
    only: frozenset[str] | None = None,
    known: Sequence[Observation] = (),
) -> _Attempt:
    """Run a notebook and ask for all items, or for some; of the others it is `known` what is."""
    own, missing = _split(requests(task.key), planned, only)
    before = (*known, *missing)
    sources = planned.sources, (cell.text for cell in planned.cells)
    explainer = Explainer(task.causes, *sources)
    tried = _split(requests(task.causes), planned, only)[0] if task.cases else own
    again = _rounds(task, explainer, tried, before, is_first=only is None)
    limits = task.key.assignment.limits
    run = task.runner.run(planned, own, limits, task.support, again)
    if run.cut_short and not task.last:
        raise DisturbedError("the notebook's process ended while causes were looked for")
    for stage, seconds in run.seconds.items():
        stages[stage] = stages.get(stage, 0.0) + seconds
    return _Attempt(planned, run, (*before, *run.observations), explainer)


def _other_run(
    task: Task, submission: SubmissionFile, graded: _Graded, stages: _Stages
) -> tuple[_Attempt, frozenset[str]] | None:
    """Run the notebook otherwise, within the same limits, for items that may lose nothing by it."""
    first = graded.first
    planned, wanted = as_it_stood(first.planned, first.seen)
    if not wanted:
        wanted = doubtful(first.planned, first.run, first.seen, graded.questions)
        if not wanted:
            return None
        with stages.time("plan"):
            assignment = replace(task.key.assignment, execute="all")
            planned = task.runner.plan(submission.path, assignment, task.beside)
    planned = replace(planned, lost=lost_cells(first.run.failures))
    others = tuple(seen for seen in first.seen if seen.question not in wanted)
    return _attempt(task, planned, stages, wanted, others), wanted


def _better_of(key: AnswerKey, graded: _Graded, other: _Attempt, wanted: frozenset[str]) -> _Graded:
    """Take for every item what is better founded; what is judged together is of that alone."""
    first = graded.first
    again = judge(key, other.seen, other.failures, other.planned.sources, secret=True)
    items = frozenset(
        before.name
        for before, after in zip(graded.questions, again, strict=True)
        if before.name in wanted
        and better_founded(before, after, (s for s in other.seen if s.question == before.name))
    )
    if not items:
        return graded
    seen = [
        *(each for each in first.seen if each.question not in items),
        *(each for each in other.seen if each.question in items),
    ]
    found = _Graded(first, graded.questions, other, items)
    planned = judge(key, seen, first.failures, first.planned.sources)
    anew = judge(key, seen, other.failures, other.planned.sources, secret=True)
    return replace(found, questions=found._of_runs(planned, anew))


def _result(
    task: Task,
    submission: SubmissionFile,
    graded: _Graded,
    questions: tuple[QuestionResult, ...],
) -> SubmissionResult:
    return SubmissionResult(
        student=submission.student,
        path=readable(submission.path),
        status="graded",
        score=sum(question.score for question in questions),
        max_score=task.key.assignment.points,
        questions=as_told(questions, task.key.assignment.feedback),
        notes=_first_notes(
            (
                *task.notes,
                *_mistaken(task, graded.first.planned),
                *_not_explained(graded.first.explainer),
                *graded.notes(task.key),
            )
        ),
    )


def _first_notes(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """Return as many notes as anybody reads, and how many there are besides."""
    if len(notes) <= MAX_NOTES:
        return notes
    more = Note("info", f"There are {len(notes) - MAX_NOTES:,} more notes like these.")
    return (*notes[:MAX_NOTES], more)


def _followed(
    task: Task,
    attempt: _Attempt,
    questions: tuple[QuestionResult, ...],
    items: frozenset[str],
) -> tuple[QuestionResult, ...]:
    """Tell inherited errors from an item's own, for some of the items."""
    planned = attempt.planned

    def ask(question: Question, case: CaseKey) -> Request:
        request = replace(_request(question, case), name=planned.names[question.name])
        return _as_defined(request, planned)

    if task.helpers is None:
        return questions
    given = task.key, task.runner, task.support, task.helpers
    run = replace(attempt.run, observations=attempt.seen)
    return Following(*given, planned, run, ask, items, task.last).judged(questions)


def _not_explained(explainer: Explainer) -> Iterator[Note]:
    if explainer.failure:
        message = f"The grader could not say why answers are wrong ({explainer.failure})."
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
        due=len(case.expected.packed),
    )


def _split(
    asked: list[Request], planned: Plan, only: frozenset[str] | None = None
) -> tuple[list[Request], list[Observation]]:
    """Leave out what the notebook does not define: an import may have brought the name along.

    What is asked for by name is asked for in any case.
    """
    asked = [
        replace(request, name=planned.names[request.question])
        for request in asked
        if only is None or request.question in only
    ]
    if planned.untraceable or only is not None:
        return [_as_defined(request, planned) for request in asked], []
    own = [
        _as_defined(request, planned) for request in asked if request.name in planned.definitions
    ]
    others = [request for request in asked if request.name not in planned.definitions]
    return own, [request.observed("missing") for request in others]


def _rounds(
    task: Task,
    explainer: Explainer,
    asked: Sequence[Request],
    known: Sequence[Observation],
    *,
    is_first: bool,
) -> Again | None:
    """Return what asks for the calls by which causes are found, if they are looked for.

    They are of the items that are asked for and whose source stands in the notebook, not of those
    that fail since another cell has taken a name; what is `known` of others says which are right.
    Only in the first run of a notebook visible cases are seen before all hidden ones.
    """
    if not any(each.evidence for each in task.causes.questions):
        return None
    by_call = {(each.question, each.case): each for each in asked if not each.repeat}
    first = True

    def again(seen: Sequence[Observation]) -> Sequence[Request]:
        nonlocal first
        if first:
            every = (*known, *seen)
            lost = {o.question for o in every if o.status not in ("returned", "raised")}
            wrong = not_right(task.key, every)
            sources = explainer.sources
            taken = {o.question for o in every if o.error and rebound(o.error, sources)}
            mine = {name for name, _ in by_call} & wrong & explainer.readable - taken
            shown = seen if is_first else ()
            trials = explainer.begin(mine, lost | (wrong - mine), shown)
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
