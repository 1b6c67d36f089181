"""What the index of a class shows, as data: built before any HTML is made."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from grader.reporting.html.prose import prose
from grader.reporting.words import STATUS_WORDS, count_text, percent_text, points_text
from grader.results import ClassResult, QuestionResult, Status, SubmissionResult


@dataclass(frozen=True)
class Mark:
    """One question of one student in the table of the class."""

    status: Status
    word: str
    points: str


@dataclass(frozen=True)
class StudentRow:
    """One student in the table of the class."""

    student: str
    href: str
    score: str
    percent: str
    status: str
    message: Markup
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class QuestionColumn:
    """One question over the class."""

    name: str
    right: str


@dataclass(frozen=True)
class Misunderstanding:
    """One cause, and who it was found with."""

    question: str
    message: Markup
    students: tuple[tuple[str, str], ...]
    count: str


@dataclass(frozen=True)
class ClassPage:
    """Everything on the index."""

    assignment: str
    summary: str
    columns: tuple[QuestionColumn, ...]
    rows: tuple[StudentRow, ...]
    misunderstandings: tuple[Misunderstanding, ...]


def page_names(results: ClassResult) -> list[Path]:
    """Return a file name for each student's page: readable, safe, and no two alike."""
    names = [_slug(submission.student) for submission in results.submissions]
    counts = Counter(name.lower() for name in names)
    seen: Counter[str] = Counter()
    unique = []
    for name in names:
        seen[name.lower()] += 1
        number = f"~{seen[name.lower()]}" if counts[name.lower()] > 1 else ""
        unique.append(Path("students") / f"{name}{number}.html")
    return unique


def _slug(student: str) -> str:
    return re.sub(r"[^\w.-]+", "_", student).strip("._")[:60] or "student"


def class_page(results: ClassResult) -> ClassPage:
    """Return the index of the class."""
    pages = [path.as_posix() for path in page_names(results)]
    linked = list(zip(results.submissions, pages, strict=True))
    return ClassPage(
        assignment=results.title,
        summary=_summary(results),
        columns=tuple(_columns(results)),
        rows=tuple(_row(submission, page) for submission, page in linked),
        misunderstandings=tuple(_misunderstandings(linked)),
    )


def _summary(results: ClassResult) -> str:
    graded = [s for s in results.submissions if s.status == "graded"]
    lost = len(results.submissions) - len(graded)
    text = count_text(len(results.submissions), "submission")
    if lost:
        text += f", {lost} of which could not be graded"
    if graded:
        full = sum(s.score for s in graded), sum(s.max_score for s in graded)
        those = f"the {len(graded)} graded ones have" if lost else "they have"
        text += f"; on average {those} {percent_text(*full)} of the points"
    return text + "."


def _columns(results: ClassResult) -> Iterable[QuestionColumn]:
    graded = [s.questions for s in results.submissions if s.status == "graded"]
    for column in zip(*graded, strict=True):
        right = sum(question.status == "passed" for question in column)
        yield QuestionColumn(column[0].name, f"{right} of {len(column)}")


def _row(submission: SubmissionResult, page: str) -> StudentRow:
    return StudentRow(
        student=submission.student,
        href=page,
        score=points_text(submission.score),
        percent=percent_text(submission.score, submission.max_score),
        status=STATUS_WORDS[submission.status],
        message=prose(submission.message),
        marks=tuple(
            Mark(question.status, STATUS_WORDS[question.status], _earned(question))
            for question in submission.questions
        ),
    )


def _misunderstandings(
    linked: list[tuple[SubmissionResult, str]],
) -> list[Misunderstanding]:
    """Return the causes that were found, those of most students first."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for submission, page in linked:
        for question in submission.questions:
            for diagnosis in question.diagnoses:
                key = (question.name, diagnosis.message)
                found.setdefault(key, []).append((submission.student, page))
    order = {question.name: i for s, _ in linked for i, question in enumerate(s.questions)}
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), order[item[0][0]]))
    return [
        Misunderstanding(name, prose(message), tuple(who), count_text(len(who), "student"))
        for (name, message), who in ordered
    ]


def _earned(question: QuestionResult) -> str:
    return points_text(question.score) if question.max_score else "–"
