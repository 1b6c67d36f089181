"""What the commands of the gradebook do."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click
import msgspec
from rich.console import Console

from grader.batch.gradebook import AdjustmentKind, Gradebook, Policy, Score
from grader.batch.gradebook.keeping import UNREADABLE
from grader.batch.run import user_name
from grader.commands import tables
from grader.course import gradebook_place
from grader.errors import GraderError, UsageError
from grader.reporting.terminal import clean
from grader.reporting.words import points_of, visible, write_text

FORMULA_STARTS = "=+-@\u2212"  # in any width: spreadsheets take full-width letters for these
# What programs that import tables leave out, or nobody sees: spaces, quotes, invisible letters.
_LEFT_OUT = re.compile(
    r"[\s\x00-\x1f\"'`\u00b4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2039\u203a\u00ab\u00bb\uff02\uff07\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
    r"\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]*"
)


@dataclass(frozen=True)
class Points:
    """What `adjust` was asked for: `add` or `to`, of a question or of the whole.

    It may lead to more than the maximum only if `beyond` it is allowed.
    """

    add: float | None
    to: float | None
    question: str
    beyond: bool = False

    def kind_and_number(self) -> tuple[AdjustmentKind, float]:
        """Return which of the two it is. Raises UsageError unless it is one."""
        if self.add is not None and self.to is None:
            return "add", self.add
        if self.to is not None and self.add is None:
            return "set", self.to
        raise UsageError("expected either --add or --set")


def _waiting(message: str) -> None:
    click.echo(f"grader: {clean(message)}", err=True)


@contextlib.contextmanager
def _opened(course: Path | None, given: str | None) -> Iterator[Gradebook]:
    """Open the gradebook; students' names in what goes wrong are printed as text."""
    try:
        place = gradebook_place(course or Path(), given)
        with Gradebook.open(place, create=False, say=_waiting) as book:
            yield book
    except GraderError as error:
        raise GraderError(clean(str(error))) from error


def list_scores(
    course: Path | None, given: str | None, assignment: str | None, policy: Policy
) -> None:
    """Show the scores in an assignment, or a line for each assignment."""
    console = Console()
    with _opened(course, given) as book:
        if assignment is None:
            found = [
                (name, book.runs(name)[-1], book.scores(name, policy))
                for name in book.assignments()
            ]
            tables.print_assignments(console, found)
        else:
            tables.print_scores(console, book.scores(assignment, policy))
            _say_what_cannot_be_read(book, assignment)


def _say_what_cannot_be_read(book: Gradebook, assignment: str) -> None:
    for student in book.unreadable(assignment):
        click.echo(f"grader: {clean(student)}: {UNREADABLE}; the score stands", err=True)


def runs(course: Path | None, given: str | None, assignment: str | None) -> None:
    """Show the runs."""
    with _opened(course, given) as book:
        tables.print_runs(Console(), book.runs(assignment))


def attempts(course: Path | None, given: str | None, assignment: str, student: str) -> None:
    """Show all hand-ins of a student, and all adjustments."""
    console = Console()
    with _opened(course, given) as book:
        found = book.attempts(assignment, student)
        adjustments = book.adjustments(assignment, student)
    tables.print_attempts(console, found)
    if adjustments:
        tables.print_adjustments(console, adjustments)


def compare(course: Path | None, given: str | None, run: int, other: int | None) -> None:
    """Show what two runs differ in."""
    with _opened(course, given) as book:
        first, second = (run, other) if other is not None else (_before(book, run), run)
        tables.print_comparison(Console(), book.compare(first, second))


def _before(book: Gradebook, run: int) -> int:
    assignment = book.run(run).info.assignment
    earlier = [each.id for each in book.runs(assignment) if each.id < run]
    if not earlier:
        raise UsageError(f"run {run} is the first of {assignment}; name another to compare it with")
    return earlier[-1]


# ---------------------------------------------------------------- adjustments


def adjust(
    course: Path | None,
    given: str | None,
    assignment: str,
    student: str,
    points: Points,
    reason: str,
    who: str | None,
) -> None:
    """Adjust a score, and say what it is now."""
    kind, number = points.kind_and_number()
    with _opened(course, given) as book:
        made = book.adjust(
            assignment,
            student,
            kind,
            number,
            reason=reason,
            who=who or user_name(),
            question=points.question,
            beyond=points.beyond,
        )
        has = _has(book, assignment, student)
    click.echo(f"Adjustment {made}: {has} in {assignment}")


def _has(book: Gradebook, assignment: str, student: str) -> str:
    """Say what a student has by now."""
    name = book.names(assignment).of(student)
    for score in book.scores(assignment):
        if score.student == name:
            return f"{clean(student)} has {points_of(score.score, score.standing.max_score)}"
    return f"{clean(student)} has been forgotten, and is not listed"


def withdraw(
    course: Path | None, given: str | None, number: int, reason: str, who: str | None
) -> None:
    """Withdraw an adjustment."""
    with _opened(course, given) as book:
        book.withdraw(number, reason=reason, who=who or user_name())
    click.echo(f"Adjustment {number} is withdrawn")


# ---------------------------------------------------------------- names


def rename(
    course: Path | None,
    given: str | None,
    assignment: str,
    names: tuple[str, str],
    reason: str,
    who: str | None,
) -> None:
    """Let what stands under one name stand under another."""
    old, new = names
    with _opened(course, given) as book:
        book.rename(assignment, old, new, reason=reason, who=who or user_name())
        has = _has(book, assignment, new)
    click.echo(f"{clean(old)} is {clean(new)} in {assignment} from now on: {has}")


def forget(
    course: Path | None,
    given: str | None,
    assignment: str,
    student: str,
    reason: str,
    who: str | None,
) -> None:
    """Do not list a student any more."""
    with _opened(course, given) as book:
        book.forget(assignment, student, reason=reason, who=who or user_name())
    click.echo(
        f"{clean(student)} is no longer listed in {assignment}; the next `grader grade` removes "
        "the page. What was graded stays on record, and counts once the student is graded again"
    )


# ---------------------------------------------------------------- export


def export(
    course: Path | None,
    given: str | None,
    assignment: str,
    policy: Policy,
    form: Literal["csv", "json"],
    out: Path | None,
) -> None:
    """Write the scores of an assignment as a table."""
    with _opened(course, given) as book:
        scores = book.scores(assignment, policy)
        _say_what_cannot_be_read(book, assignment)
    text = as_csv(scores) if form == "csv" else as_json(assignment, policy, scores)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        write_text(out, text)
    except OSError as error:
        raise UsageError(f"{out}: not written: {error.strerror}") from error
    click.echo(f"Wrote {out}")


def as_json(assignment: str, policy: Policy, scores: Sequence[Score]) -> str:
    """Return the scores with everything that is known of them."""
    content = {"assignment": assignment, "policy": policy, "scores": scores}
    return json.dumps(msgspec.to_builtins(content), indent=2, ensure_ascii=False) + "\n"


def as_csv(scores: Sequence[Score]) -> str:
    """Return a line for each student, with a column for each question, with all adjustments."""
    names = list(dict.fromkeys(item.name for score in scores for item in score.items))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    fixed = ("student", "status", "score", "max_score", "graded", "adjusted", "handed_in", "late")
    writer.writerow([*fixed, "run", *(f"question:{name}" for name in names)])
    for score in scores:
        items = _items(score)
        writer.writerow([*_fixed(score), *(items.get(name, "") for name in names)])
    return file.getvalue()


def _items(score: Score) -> dict[str, str]:
    """Return the points of each question; where nothing was graded, those that were given."""
    given: dict[str, float] = {}
    for each in score.adjustments:
        if each.question:
            given[each.question] = given.get(each.question, 0.0) + each.points
    points = given | {item.name: item.score for item in score.items}
    return {name: _number(number) for name, number in points.items()}


def _fixed(score: Score) -> list[str]:
    standing = score.standing
    return [
        as_cell(score.student),
        standing.status,
        _number(score.score),
        _number(standing.max_score),
        _number(standing.score),
        _number(score.score - standing.score),
        as_cell(standing.handed_in),
        "yes" if standing.late else "",
        str(standing.run),
    ]


def _number(points: float) -> str:
    return f"{points:.10g}"


def as_cell(text: str) -> str:
    """Return a student's text for a spreadsheet, which must not take it for a formula."""
    text = visible(text)
    return f"'{text}" if _is_formula(text) else text


def _is_formula(text: str) -> bool:
    """Say whether a program may read a formula in a text, if it leaves out what is not seen."""
    if text.startswith(("\t", "\r", "\n")):
        return True
    letter = _LEFT_OUT.sub("", text, count=1)[:1]
    return unicodedata.normalize("NFKC", letter).startswith(tuple(FORMULA_STARTS))
