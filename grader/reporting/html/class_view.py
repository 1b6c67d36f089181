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
from grader.results import QuestionResult, Status, SubmissionResult


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


class PageNames:
    """Gives each student's page a file name: readable, safe, and no two alike."""

    def __init__(self, students: Iterable[str]) -> None:
        self._counts = Counter(_slug(student).lower() for student in students)
        self._seen: Counter[str] = Counter()

    def next(self, student: str) -> Path:
        """Return the name for the next student: they are to come in the same order each time."""
        name = _slug(student)
        self._seen[name.lower()] += 1
        alike = self._counts[name.lower()] > 1
        number = f"~{self._seen[name.lower()]}" if alike else ""
        return Path("students") / f"{name}{number}.html"


def _slug(student: str) -> str:
    return re.sub(r"[^\w.-]+", "_", student).strip("._")[:60] or "student"


class ClassTally:
    """Counts submissions one by one: what the index shows needs none of them whole."""

    def __init__(self) -> None:
        self._rows: list[StudentRow] = []
        self._right: dict[str, int] = {}
        self._causes: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self._graded, self._score, self._max_score = 0, 0.0, 0.0

    def add(self, submission: SubmissionResult, page: str) -> None:
        """Count a submission, whose page is at `page`."""
        self._rows.append(_row(submission, page))
        if submission.status == "graded":
            self._graded += 1
            self._score += submission.score
            self._max_score += submission.max_score
        for question in submission.questions:
            passed = question.status == "passed"
            self._right[question.name] = self._right.get(question.name, 0) + passed
            for diagnosis in question.diagnoses:
                key = (question.name, diagnosis.message)
                self._causes.setdefault(key, []).append((submission.student, page))

    def page(self, title: str, missing: int = 0) -> ClassPage:
        """Return the index of the class, in which some have no result yet."""
        columns = (
            QuestionColumn(name, f"{right} of {self._graded}")
            for name, right in self._right.items()
        )
        return ClassPage(
            assignment=title,
            summary=self._summary() + _what_is_missing(missing),
            columns=tuple(columns),
            rows=tuple(self._rows),
            misunderstandings=tuple(self._misunderstandings()),
        )

    def _summary(self) -> str:
        lost = len(self._rows) - self._graded
        text = count_text(len(self._rows), "submission")
        if lost:
            text += f", {lost} of which could not be graded"
        if self._graded:
            those = f"the {self._graded} graded ones have" if lost else "they have"
            share = percent_text(self._score, self._max_score)
            text += f"; on average {those} {share} of the points"
        return text + "."

    def _misunderstandings(self) -> list[Misunderstanding]:
        """Return the causes that were found, those of most students first."""
        order = {name: number for number, name in enumerate(self._right)}
        ordered = sorted(self._causes.items(), key=lambda item: (-len(item[1]), order[item[0][0]]))
        return [
            Misunderstanding(name, prose(message), tuple(who), count_text(len(who), "student"))
            for (name, message), who in ordered
        ]


def _what_is_missing(missing: int) -> str:
    if not missing:
        return ""
    have = "has" if missing == 1 else "have"
    return f" Grading was interrupted: {count_text(missing, 'submission')} {have} no result yet."


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


def _earned(question: QuestionResult) -> str:
    return points_text(question.score) if question.max_score else "–"
