"""What the index of a class shows, as data: built before any HTML is made."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from grader.reporting.clusters import Cluster, ClusterTally, Kind, Who
from grader.reporting.html.prose import prose
from grader.reporting.words import STATUS_WORDS, count_text, percent_text, points_text
from grader.results import QuestionResult, Status, SubmissionResult

MOST_NAMES, MOST_CLUSTERS = 12, 20  # in a row; those after them are folded away


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
class Names:
    """Students, with links: some at once, the others (`rest` says how many) folded away."""

    shown: tuple[Who, ...]
    folded: tuple[Who, ...]
    rest: str


@dataclass(frozen=True)
class ClusterView:
    """Students who make the same mistake. `code` is that of `example`, if any is to be shown."""

    question: str
    count: str
    causes: tuple[Markup, ...]
    seen: Markup
    names: Names
    example: Who
    code: str


@dataclass(frozen=True)
class Clusters:
    """The clusters of a kind: the largest at once, the others (`rest` says how many) folded."""

    shown: tuple[ClusterView, ...]
    folded: tuple[ClusterView, ...]
    rest: str


@dataclass(frozen=True)
class Line:
    """Students of one question who are no cluster with a cause to be found."""

    question: str
    count: str
    about: Markup
    names: Names


@dataclass(frozen=True)
class ClassPage:
    """Everything on the index."""

    assignment: str
    summary: str
    columns: tuple[QuestionColumn, ...]
    rows: tuple[StudentRow, ...]
    unexplained: Clusters
    explained: Clusters
    single: tuple[Line, ...]
    following: tuple[Line, ...]


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
        self._clusters = ClusterTally()
        self._graded, self._score, self._max_score = 0, 0.0, 0.0

    def add(self, submission: SubmissionResult, page: str) -> None:
        """Count a submission, whose page is at `page`."""
        row = _row(submission, page)
        self._clusters.add(submission, page)
        self._rows.append(row)
        if submission.status == "graded":
            self._graded += 1
            self._score += submission.score
            self._max_score += submission.max_score
        for question in submission.questions:
            passed = question.status == "passed"
            self._right[question.name] = self._right.get(question.name, 0) + passed

    def page(self, title: str, missing: int = 0) -> ClassPage:
        """Return the index of the class, in which some have no result yet."""
        columns = (
            QuestionColumn(name, f"{right} of {self._graded}")
            for name, right in self._right.items()
        )
        found: defaultdict[Kind, list[Cluster]] = defaultdict(list)
        for cluster in self._clusters.clusters():
            found[cluster.kind].append(cluster)
        return ClassPage(
            assignment=title,
            summary=self._summary() + _what_is_missing(missing),
            columns=tuple(columns),
            rows=tuple(self._rows),
            unexplained=_clusters(found["unexplained"]),
            explained=_clusters(found["explained"]),
            single=_lines(found["single"]),
            following=_lines(found["following"]),
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


def _cluster(cluster: Cluster) -> ClusterView:
    return ClusterView(
        question=cluster.question,
        count=count_text(len(cluster.students), "student"),
        causes=tuple(prose(cause) for cause in cluster.causes),
        seen=prose("" if cluster.causes else cluster.seen),
        names=_names(cluster.students),
        example=cluster.example,
        code=cluster.snippet,
    )


def _lines(clusters: Iterable[Cluster]) -> tuple[Line, ...]:
    """Return a line for each question, or for each that may follow from the same others."""
    together: dict[tuple[str, tuple[str, ...]], list[Who]] = {}
    for cluster in clusters:
        key = (cluster.question, cluster.suspects)
        together.setdefault(key, []).extend(cluster.students)
    return tuple(
        Line(
            question=name,
            count=count_text(len(who), "student"),
            about=prose(", ".join(f"`{each}`" for each in suspects)),
            names=_names(who),
        )
        for (name, suspects), who in sorted(together.items(), key=lambda item: -len(item[1]))
    )


def _clusters(clusters: Sequence[Cluster]) -> Clusters:
    views = tuple(_cluster(each) for each in clusters)
    at = _where_to_fold(len(views), MOST_CLUSTERS)
    return Clusters(views[:at], views[at:], f"and {len(views) - at} more")


def _names(students: Sequence[Who]) -> Names:
    at = _where_to_fold(len(students), MOST_NAMES)
    return Names(tuple(students[:at]), tuple(students[at:]), f"and {len(students) - at} more")


def _where_to_fold(count: int, most: int) -> int:
    """Return how many are shown at once: one more than the most, if it is the last."""
    return count if count <= most + 1 else most


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
