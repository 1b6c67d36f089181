"""The terminal: progress while notebooks are graded, and a table at the end.

Names and messages are students' text: they are printed as text, without control characters.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from grader.reporting.words import STATUS_WORDS, percent_text, points_text, visible
from grader.results import ClassResult, QuestionResult, SubmissionResult

_STYLES = {"passed": "green", "failed": "red"}


class OnResult(Protocol):
    """What is called with each submission as it is done."""

    def __call__(self, result: SubmissionResult) -> None:
        """Take note of a graded submission."""
        ...


@contextmanager
def progress(console: Console, total: int) -> Iterator[OnResult]:
    """Show how far grading is: a live bar on a terminal, else a line for each submission."""
    if not console.is_terminal:
        yield _line_for_each(console, total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("Grading", total=total)

        def advance(result: SubmissionResult) -> None:
            bar.update(task, advance=1, description=f"Graded {clean(result.student)[-30:]}")

        yield advance


def _line_for_each(console: Console, total: int) -> OnResult:
    done = 0

    def show(result: SubmissionResult) -> None:
        nonlocal done
        done += 1
        outcome = _outcome(result)
        console.print(Text(f"{done}/{total} {clean(result.student)}: {outcome}"), soft_wrap=True)

    return show


def _outcome(result: SubmissionResult) -> str:
    if result.status != "graded":
        return f"{STATUS_WORDS.get(result.status, result.status)}: {clean(result.message)}"
    score = f"{points_text(result.score)} of {points_text(result.max_score)}"
    return f"{score} ({percent_text(result.score, result.max_score)})"


def print_table(console: Console, results: ClassResult) -> None:
    """Print a line for each submission: points, share, and what is not right."""
    console.print(Text(clean(results.title), style="italic"))
    table = Table(box=None, pad_edge=False)
    table.add_column("Student", overflow="fold")
    table.add_column("Points", justify="right")
    table.add_column("Share", justify="right")
    table.add_column("Not right", overflow="fold")
    for submission in results.submissions:
        table.add_row(
            Text(clean(submission.student)),
            points_text(submission.score),
            percent_text(submission.score, submission.max_score),
            _not_right(submission),
        )
    console.print(table)


def _not_right(submission: SubmissionResult) -> Text:
    if submission.status != "graded":
        return Text(clean(submission.message), style="yellow")
    wrong = [_mark(question) for question in submission.questions if question.status != "passed"]
    return Text(", ").join(wrong) if wrong else Text("–")


def _mark(question: QuestionResult) -> Text:
    style = _STYLES.get(question.status, "yellow")
    return Text(f"{question.name} ({STATUS_WORDS[question.status]})", style=style)


def clean(text: str) -> str:
    """Return a text for one line: no control characters, and nothing that CI takes for a command.

    GitHub's runner looks for `::name ...::` at the beginning of a line, wherever lines are folded.
    """
    return visible(text.replace("\n", " ")).replace("::", ": :")
