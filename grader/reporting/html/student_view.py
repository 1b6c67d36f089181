"""What a student's page shows, as data: built before any HTML is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from grader.reporting.html.prose import prose
from grader.reporting.words import STATUS_WORDS, difference_text, percent_text, points_of
from grader.results import (
    CaseResult,
    ClassResult,
    Note,
    OutputResult,
    Place,
    QuestionResult,
    Status,
    SubmissionResult,
    case_name,
)


@dataclass(frozen=True)
class CaseView:
    """A line of an output's cases: the same finding in several cases is one line."""

    names: str
    status: Status
    word: str
    message: Markup


@dataclass(frozen=True)
class OutputView:
    """One output of a question, or several that fared alike; `paths` only where there are more."""

    paths: tuple[str, ...]
    status: Status
    word: str
    message: Markup
    cases: tuple[CaseView, ...]


@dataclass(frozen=True)
class CallView:
    """A visible case as code."""

    name: str
    code: str


@dataclass(frozen=True)
class HintView:
    """What is known of a mistake: the line, where it is known, and words."""

    place: str
    code: str
    message: Markup


@dataclass(frozen=True)
class QuestionView:
    """One graded item on a student's page."""

    name: str
    title: str
    status: Status
    word: str
    points: str
    message: Markup
    hints: tuple[HintView, ...]
    outputs: tuple[OutputView, ...]
    calls: tuple[CallView, ...]


@dataclass(frozen=True)
class AdjustmentView:
    """What the instructor has changed in the score; `question` is empty for the whole."""

    points: str
    question: str
    reason: Markup


@dataclass(frozen=True)
class StudentPage:
    """Everything on a student's page."""

    assignment: str
    student: str
    score: str
    percent: str
    width: float
    message: Markup
    adjustments: tuple[AdjustmentView, ...]
    notes: tuple[Markup, ...]
    wrong: tuple[QuestionView, ...]
    right: tuple[QuestionView, ...]
    all_right: bool


def student_page(results: ClassResult, submission: SubmissionResult) -> StudentPage:
    """Return the page of one submission: first what is to be looked at, then what is right."""
    questions = [_question(question) for question in submission.questions]
    return StudentPage(
        assignment=results.title,
        student=submission.student,
        score=points_of(submission.score, submission.max_score),
        percent=percent_text(submission.score, submission.max_score),
        width=_width(submission),
        message=prose(submission.message),
        adjustments=tuple(
            AdjustmentView(difference_text(each.points), each.question, prose(each.reason))
            for each in submission.adjustments
        ),
        notes=tuple(_note(note) for note in submission.notes),
        wrong=_with_points_first(submission, questions),
        right=tuple(question for question in questions if question.status == "passed"),
        all_right=all(question.status == "passed" for question in questions),
    )


def _width(submission: SubmissionResult) -> float:
    """Return how much of the bar is full; a bonus does not make it longer."""
    share = submission.score / submission.max_score if submission.max_score else 0
    return 100 * min(1, share)


def _with_points_first(
    submission: SubmissionResult, views: Sequence[QuestionView]
) -> tuple[QuestionView, ...]:
    pairs = zip(submission.questions, views, strict=True)
    wrong = [(not question.max_score, view) for question, view in pairs if view.status != "passed"]
    return tuple(view for _, view in sorted(wrong, key=lambda pair: pair[0]))


def _note(note: Note) -> Markup:
    line = f", line {note.line}" if note.line else ""
    named = note.cell is None or f"cell {note.cell}" in note.message.lower()
    return prose(note.message if named else f"Cell {note.cell}{line}: {note.message}")


def _question(question: QuestionResult) -> QuestionView:
    return QuestionView(
        name=question.name,
        title=question.title,
        status=question.status,
        word="partly right" if _partly(question) else STATUS_WORDS[question.status],
        points=points_of(question.score, question.max_score),
        message=prose(question.message),
        hints=tuple(_hints(question)),
        outputs=_outputs(question) if question.status != "passed" else (),
        calls=tuple(CallView(case_name(call.case), call.code) for call in question.calls),
    )


def _hints(question: QuestionResult) -> Iterator[HintView]:
    """Yield the causes; the line where the item begins to be wrong, if none of them has one."""
    at = question.location
    if at and at.message and not any(diagnosis.place for diagnosis in question.diagnoses):
        yield HintView(_place_text(at.place), at.code, prose(at.message))
    for diagnosis in question.diagnoses:
        place = _place_text(diagnosis.place) if diagnosis.place else ""
        yield HintView(place, diagnosis.code, prose(diagnosis.message))


def _place_text(place: Place) -> str:
    text = str(place)
    return text[0].upper() + text[1:]


def _partly(question: QuestionResult) -> bool:
    return question.status == "failed" and question.score > 0


def _outputs(question: QuestionResult) -> tuple[OutputView, ...]:
    """Return the outputs; where nothing came back, the question's message has said it all."""
    if question.status not in ("passed", "failed") and _all_alike(question.outputs):
        return ()
    named = len(question.outputs) > 1
    alike: dict[OutputView, list[str]] = {}
    for output in sorted(question.outputs, key=lambda output: output.status == "passed"):
        alike.setdefault(_output(output, question.message), []).append(output.path)
    return tuple(
        replace(view, paths=tuple(paths) if named else ())
        for view, paths in alike.items()
        if named or view.cases
    )


def _all_alike(outputs: Iterable[OutputResult]) -> bool:
    """Whether all outputs fared alike, and in all cases."""
    found = {tuple((case.status, case.message) for case in output.cases) for output in outputs}
    return len(found) == 1 and len({status for status, _ in next(iter(found))}) == 1


def _output(output: OutputResult, said: str) -> OutputView:
    return OutputView(
        paths=(),
        status=output.status,
        word=STATUS_WORDS[output.status],
        message=prose("" if said.startswith(output.message) else output.message),
        cases=tuple(_cases(output)),
    )


def _cases(output: OutputResult) -> Iterable[CaseView]:
    """Group the cases in which the same was found; say nothing where that is plain."""
    if len(output.cases) == 1 or all(case.status == "passed" for case in output.cases):
        return
    groups: dict[tuple[Status, str], list[CaseResult]] = {}
    for case in output.cases:
        groups.setdefault((case.status, case.message), []).append(case)
    for (status, message), cases in groups.items():
        names = ", ".join(case_name(case.id) for case in cases)
        yield CaseView(names, status, STATUS_WORDS[status], prose(message))
