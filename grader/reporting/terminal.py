"""The terminal: the table at the end.

Names and messages are students' text: they are printed as text, without control characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.reporting.clusters import ClusterTally
from grader.reporting.guard import Lost, guarded, nobody
from grader.reporting.words import (
    STATUS_WORDS,
    percent_text,
    points_text,
    visible,
)
from grader.results import ClassResult, QuestionResult, SubmissionResult
from grader.texts import without_commands

MOST_ROWS = 50
Row = tuple[Text, str, str, Text]
_STYLES = {"passed": "green", "failed": "red"}


def outcome_text(result: SubmissionResult) -> str:
    """Return how a submission came out, in a few words."""
    if result.status != "graded":
        return f"{STATUS_WORDS.get(result.status, result.status)}: {clean(result.message)}"
    score = f"{points_text(result.score)} of {points_text(result.max_score)}"
    return f"{score} ({percent_text(result.score, result.max_score)})"


def print_class(console: Console, results: ClassResult, lost: Lost = nobody) -> None:
    """Print a line for each submission; of a large class, only of what could not be graded.

    Then what is wrong with a notebook as a whole, such as being another assignment's, and the
    mistake without a known cause that most students share.
    """
    few, rows, remarks = len(results.submissions) <= MOST_ROWS, [], []
    tally = ClusterTally()

    def take(submission: SubmissionResult) -> None:
        row, own = _row(submission), list(_remarks(submission))
        tally.add(submission)
        remarks.extend(own)
        if few or submission.status != "graded":
            rows.append(row)

    for submission in results.submissions:
        guarded(submission, take, lost)
    _print_rows(console, results.title, rows)
    for remark in (*remarks, *_shared(tally)):
        console.print(Text(clean(remark), style="yellow"), soft_wrap=True)


def _remarks(submission: SubmissionResult) -> Iterator[str]:
    for note in submission.notes:
        if note.level == "error" and note.cell is None:
            yield f"{submission.student}: {note.message.replace('`', '')}"


def _shared(tally: ClusterTally) -> Iterator[str]:
    """Name the largest cluster whose cause is to be found."""
    for cluster in tally.clusters():
        if cluster.kind == "unexplained":
            yield (
                f"{len(cluster.students)} students are wrong on {cluster.question} in the same "
                "way, and no known cause fits: one misconception would give all of them a hint."
            )
            return


def _print_rows(console: Console, title: str, rows: Iterable[Row]) -> None:
    """Print a line for each submission: points, share, and what is not right."""
    console.print(Text(clean(title), style="italic"))
    table = Table(box=None, pad_edge=False)
    table.add_column("Student", overflow="fold")
    table.add_column("Points", justify="right")
    table.add_column("Share", justify="right")
    table.add_column("Not right", overflow="fold")
    for row in rows:
        table.add_row(*row)
    if table.rows:
        console.print(table)


def _row(submission: SubmissionResult) -> Row:
    return (
        Text(clean(submission.student)),
        points_text(submission.score),
        percent_text(submission.score, submission.max_score),
        _not_right(submission),
    )


def _not_right(submission: SubmissionResult) -> Text:
    if submission.status != "graded":
        return Text(clean(submission.message), style="yellow")
    wrong = [_mark(question) for question in submission.questions if question.status != "passed"]
    return Text(", ").join(wrong) if wrong else Text("–")


def _mark(question: QuestionResult) -> Text:
    style = _STYLES.get(question.status, "yellow")
    return Text(f"{question.name} ({STATUS_WORDS[question.status]})", style=style)


def clean(text: str) -> str:
    """Return a text for one line: no control characters, and no command that CI would obey."""
    return without_commands(visible(text.replace("\n", " ")))
