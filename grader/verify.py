"""Whether an assignment is sound: its reference, its starter, its known mistakes, its gradients.

The reference and the blank starter go through the whole pipe, as submissions do; what known
mistakes answer goes through the judge.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from grader.batch.grade import Task, grade_submission
from grader.course import support_folder
from grader.execution.runner import Runner
from grader.judging.alternatives import by_alternative
from grader.judging.diagnose import catching, is_blind
from grader.judging.expected import (
    AnswerKey,
    MisconceptionKey,
    QuestionKey,
    Slope,
    answer_key,
    noise,
    slopes,
)
from grader.judging.gradients import TOLERANCE
from grader.judging.scoring import judge
from grader.judging.soundness import noise_problems, remarks, table_problems
from grader.leftovers import temporary_folder
from grader.rehearsal import rehearsal_problems
from grader.results import (
    Observation,
    QuestionResult,
    RaisedError,
    Source,
    SubmissionResult,
    case_name,
)
from grader.spec import Assignment, Misconception
from grader.starter import STARTER_FILE, blank_notebook, read_starter, solved_notebook
from grader.submission import SubmissionFile


@dataclass(frozen=True)
class Mistake:
    """What became of one known mistake: the cases that catch it, and those that are blind to it."""

    question: str
    cause: str
    caught: tuple[str, ...]
    blind: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Verification:
    """What was seen of an assignment; it is sound if there are no `problems`.

    `remarks` are for its author to weigh.
    """

    name: str
    items: int
    cases: int
    points: float
    reference: SubmissionResult
    blank: SubmissionResult
    mistakes: tuple[Mistake, ...]
    slopes: tuple[Slope, ...]
    problems: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def verify(
    course: Path, name: str, secret: bytes, runner: Runner, cache: Path | None = None
) -> Verification:
    """Try an assignment; raise CourseError where it cannot even be read.

    What causes are looked for with is kept in the folder `cache`, for when a class is graded.
    """
    key = answer_key(course, name, secret)
    found = slopes(course, name, secret)
    blank, reference = _as_submissions(course, key, runner)
    mistakes = tuple(_mistake(q, mistake) for q in key.questions for mistake in q.misconceptions)
    return Verification(
        name=name,
        items=len(key.questions),
        cases=sum(len(question.cases) for question in key.questions),
        points=key.assignment.points,
        reference=reference,
        blank=blank,
        mistakes=mistakes,
        slopes=found,
        problems=(
            *_reference_problems(reference),
            *_blank_problems(blank),
            *(problem for mistake in mistakes for problem in mistake.problems),
            *(problem for q in key.questions for problem in _alternative_problems(q)),
            *_differing(key, answer_key(course, name, secret)),
            *_slope_problems(found),
            *noise_problems(noise(course, name, secret)),
            *table_problems(key),
            *rehearsal_problems(key, course, secret, cache),
        ),
        remarks=tuple(remarks(key)),
    )


# ---------------------------------------------------------------- the reference and the starter


def _as_submissions(
    course: Path, key: AnswerKey, runner: Runner
) -> tuple[SubmissionResult, SubmissionResult]:
    """Grade the blank starter, and the starter filled in with the reference."""
    file = course / "assignments" / key.assignment.name / STARTER_FILE
    parts = read_starter(file, key.assignment)
    with (
        support_folder(course, key.assignment) as support,
        temporary_folder("verify") as folder,
    ):
        task = Task(key, runner, support)
        blank = _graded(task, folder / "blank.ipynb", blank_notebook(key.assignment, parts))
        shutil.copytree(course / "reference", support / "reference")
        solved = solved_notebook(key.assignment, parts)
        return blank, _graded(task, folder / "reference.ipynb", solved)


def _graded(task: Task, path: Path, notebook: str) -> SubmissionResult:
    path.write_text(notebook, encoding="utf-8")
    return grade_submission(task, SubmissionFile(path.stem, path))


def _reference_problems(result: SubmissionResult) -> Iterator[str]:
    if result.status != "graded":
        yield f"the reference as a submission: {result.message}"
    for question in result.questions:
        if question.status != "passed":
            yield f"`{question.name}`: the starter, filled in, is not right: {question.message}"
        for diagnosis in question.diagnoses:
            yield f"`{question.name}`: the reference is taken for '{diagnosis.cause}'"


def _blank_problems(result: SubmissionResult) -> Iterator[str]:
    if result.status != "graded":
        yield f"the blank starter: {result.message}"
    yield from (f"the blank starter: {n.message}" for n in result.notes if n.level == "error")
    for question in result.questions:
        if question.score:
            yield f"`{question.name}`: the blank starter gets {question.score:g} points"
        if question.status in ("crashed", "timed_out"):
            yield f"`{question.name}`: in the blank starter: {question.message}"


# ---------------------------------------------------------------- known mistakes


def _mistake(key: QuestionKey, mistake: MisconceptionKey) -> Mistake:
    caught = catching(key, mistake)
    blind = tuple(case.id for case in key.cases if case.id not in caught)
    problems = tuple(_mistake_problems(key, mistake))
    return Mistake(key.question.name, mistake.misconception.cause, caught, blind, problems)


def _mistake_problems(key: QuestionKey, mistake: MisconceptionKey) -> Iterator[str]:
    about = f"`{key.question.name}`: misconception '{mistake.misconception.cause}'"
    if is_blind(key, mistake):
        yield f"{about} is caught by no case"
        return
    result = _judged(key, mistake)
    variants = [key, *(by_alternative(key, other) for other in key.alternatives)]
    if result.status == "passed" and all(catching(each, mistake) for each in variants):
        yield f"{about} is taken for a right answer"
    if mistake.misconception.hint not in [found.message for found in result.diagnoses]:
        taken = ", ".join(f"'{found.cause}'" for found in result.diagnoses) or "nothing known"
        yield f"{about} is taken for {taken}"


def _alternative_problems(key: QuestionKey) -> Iterator[str]:
    for other in key.alternatives:
        if not catching(key, MisconceptionKey(Misconception(other.name, ""), other.answers)):
            yield f"`{key.question.name}`: alternative '{other.name}' answers as the reference does"


def _judged(key: QuestionKey, mistake: MisconceptionKey) -> QuestionResult:
    """Judge what a known mistake answers."""
    name = key.question.name
    observations = [
        Observation(
            question=name,
            case=case.id,
            status=answer.status,
            value=answer.value if answer.status == "returned" else None,
            printed="x\n" * (answer.printed or 0),
            error=RaisedError(answer.error_type, answer.error_message),
        )
        for case, answer in zip(key.cases, mistake.answers, strict=True)
    ]
    # What stands for a printed line matches any pattern here: the counts are what is compared.
    question = replace(key.question, printed=key.question.printed and "x")
    alone = AnswerKey(Assignment(name, name, (question,)), (replace(key, question=question),))
    (result,) = judge(alone, observations, (), {name: Source()})
    return result


# ---------------------------------------------------------------- numbers


def _differing(first: AnswerKey, second: AnswerKey) -> Iterator[str]:
    """Tell what is not the same when the course's code answers a second time."""
    for one, other in zip(first.questions, second.questions, strict=True):
        name = one.question.name
        if [case.packed_arguments for case in one.cases] != [
            case.packed_arguments for case in other.cases
        ]:
            yield f"`{name}`: its cases are others when they are drawn again"
        elif one.cases != other.cases:
            yield f"`{name}`: the reference answers another thing when it is asked again"
        elif one != other:
            yield f"`{name}`: a misconception or alternative answers another thing when asked again"


def _slope_problems(found: Iterable[Slope]) -> Iterator[str]:
    told = set()
    for slope in found:
        if not slope.difference <= TOLERANCE and (slope.question, slope.output) not in told:
            told.add((slope.question, slope.output))
            yield (
                f"`{slope.question}`: `{slope.output}` is not the slope of its cost in "
                f"{case_name(slope.case)}: off by {slope.difference:.1g} of its largest entry"
            )


# ---------------------------------------------------------------- shown


def print_verifications(console: Console, found: Iterable[Verification]) -> None:
    """Print a line for each assignment, then the blind cases, then what is wrong.

    Under "slopes" stands how far gradients are from central differences at most.
    """
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("assignment", no_wrap=True)
    for heading in ("items", "cases", "reference", "blank", "mistakes", "slopes", ""):
        table.add_column(heading, justify="right", no_wrap=True)
    for each in found:
        table.add_row(*_row(each))
    console.print(table)
    unseen = [line for each in found for line in _unseen(each)]
    if unseen:
        unseen.insert(0, "Mistakes that some cases do not see, for information:")
    weighed = [f"{each.name}: {remark}" for each in found for remark in each.remarks]
    if weighed:
        weighed.insert(0, "Points and cases to look at, for information:")
    for line in unseen + weighed:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    for each in found:
        for problem in each.problems:
            text = f"{each.name}: {problem}"
            console.print(text, style="red", highlight=False, markup=False, soft_wrap=True)


def _unseen(each: Verification) -> Iterator[str]:
    for mistake in each.mistakes:
        if mistake.blind and mistake.caught:
            blind = ", ".join(map(case_name, mistake.blind))
            yield f"{each.name}: `{mistake.question}`: '{mistake.cause}' is not seen in {blind}"


def _row(each: Verification) -> list[str]:
    missed = sum(bool(mistake.problems) for mistake in each.mistakes)
    worst = max((slope.difference for slope in each.slopes), default=None)
    return [
        each.name,
        str(each.items),
        str(each.cases),
        f"{each.reference.score:g}/{each.points:g}",
        f"{each.blank.score:g}",
        f"{len(each.mistakes) - missed}/{len(each.mistakes)}",
        "none" if worst is None else f"{worst:.0e}",
        "not sound" if each.problems else "sound",
    ]
