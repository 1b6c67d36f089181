"""The command line of the gradebook: `grader gradebook ...`. Parse and call."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

Policy = Literal["latest", "best"]


@dataclass(frozen=True)
class Where:
    """Where the gradebook is, as the options say it."""

    course: Path | None = None
    gradebook: str | None = None


def _where(command: F) -> F:
    """Give a command the options that say where the gradebook is, also before its name."""

    @click.option(
        "--course",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="The course, or a folder in it (default: here).",
    )
    @click.option(
        "--gradebook",
        "book",
        metavar="URL_OR_FILE",
        help="The gradebook: a file, or postgresql://... (default: what the environment's "
        "GRADER_GRADEBOOK says, else .grader/gradebook.sqlite of the course).",
    )
    @functools.wraps(command)
    def with_where(*, course: Path | None, book: str | None, **more: Any) -> Any:
        before = click.get_current_context().obj
        given = before if isinstance(before, Where) else Where()
        return command(Where(course or given.course, book or given.gradebook), **more)

    return with_where  # type: ignore[return-value]  # what click makes a command of


_policy = click.option(
    "--policy",
    type=click.Choice(["latest", "best"]),
    default="latest",
    show_default=True,
    help="Which of a student's hand-ins counts.",
)
_who = click.option("--who", metavar="NAME", help="Who says so (default: your user name).")


@click.group(invoke_without_command=True)
@_where
def gradebook(where: Where) -> None:
    """Show and adjust what has been graded; without a command, list it."""
    context = click.get_current_context()
    context.obj = where
    if context.invoked_subcommand is None:
        context.invoke(list_scores, assignment=None, policy="latest", course=None, book=None)


@gradebook.command("list")
@click.argument("assignment", required=False)
@_policy
@_where
def list_scores(where: Where, assignment: str | None, policy: Policy) -> None:
    """Show each student's score in ASSIGNMENT, or a line for each assignment."""
    from grader.commands import gradebook as command  # noqa: PLC0415 - heavy: --help need not wait

    command.list_scores(where.course, where.gradebook, assignment, policy)


@gradebook.command()
@click.argument("assignment", required=False)
@_where
def runs(where: Where, assignment: str | None) -> None:
    """Show the runs of ASSIGNMENT, or of all, oldest first."""
    from grader.commands import gradebook as command  # noqa: PLC0415 - as in `list`

    command.runs(where.course, where.gradebook, assignment)


@gradebook.command()
@click.argument("assignment")
@click.argument("student")
@_where
def attempts(where: Where, assignment: str, student: str) -> None:
    """Show everything that STUDENT handed in for ASSIGNMENT, each grading, and adjustments."""
    from grader.commands import gradebook as command  # noqa: PLC0415 - as in `list`

    command.attempts(where.course, where.gradebook, assignment, student)


@gradebook.command()
@click.argument("assignment")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json"]),
    default="csv",
    show_default=True,
    help="The form of the table.",
)
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write it (default: the standard output).",
)
@_policy
@_where
def export(
    where: Where, assignment: str, form: Literal["csv", "json"], out: Path | None, policy: Policy
) -> None:
    """Write the scores of ASSIGNMENT as a table, with a column for each question."""
    from grader.commands import gradebook as command  # noqa: PLC0415 - as in `list`

    command.export(where.course, where.gradebook, assignment, policy, form, out)


@gradebook.command()
@click.argument("run", type=int)
@click.argument("other", metavar="[RUN]", type=int, required=False)
@_where
def compare(where: Where, run: int, other: int | None) -> None:
    """Show what two runs of an assignment differ in, as graded.

    With one RUN, it is compared with the run before it of the same assignment.
    """
    from grader.commands import gradebook as command  # noqa: PLC0415 - as in `list`

    command.compare(where.course, where.gradebook, run, other)


@gradebook.command()
@click.argument("assignment")
@click.argument("student")
@click.option("--add", metavar="N", type=float, help="Add so many points; may be negative.")
@click.option("--set", "to", metavar="N", type=float, help="Set the score to so many points.")
@click.option("--reason", metavar="TEXT", required=True, help="Why; the student is shown it.")
@click.option("--question", metavar="NAME", default="", help="Adjust this question's score.")
@click.option("--beyond", is_flag=True, help="Allow more than the maximum.")
@_who
@_where
def adjust(
    where: Where,
    assignment: str,
    student: str,
    add: float | None,
    to: float | None,
    reason: str,
    question: str,
    beyond: bool,  # noqa: FBT001 - passed by name
    who: str | None,
) -> None:
    """Adjust the score of STUDENT in ASSIGNMENT, whatever is graded again.

    It stays between 0 and the maximum, unless --beyond allows more.
    """
    from grader.commands import gradebook as command  # noqa: PLC0415 - as in `list`

    points = command.Points(add, to, question, beyond)
    command.adjust(where.course, where.gradebook, assignment, student, points, reason, who)


@gradebook.command()
@click.argument("number", metavar="ID", type=int)
@click.option("--reason", metavar="TEXT", required=True, help="Why.")
@_who
@_where
def withdraw(where: Where, number: int, reason: str, who: str | None) -> None:
    """Withdraw the adjustment ID, whose number `attempts` shows."""
    from grader.commands import gradebook as command  # noqa: PLC0415 - as in `list`

    command.withdraw(where.course, where.gradebook, number, reason, who)


@gradebook.command()
@click.argument("assignment")
@click.argument("old")
@click.argument("new")
@click.option("--reason", metavar="TEXT", default="one student", show_default=True, help="Why.")
@_who
@_where
def rename(where: Where, assignment: str, old: str, new: str, reason: str, who: str | None) -> None:
    """Let what stands under the student's name OLD in ASSIGNMENT stand under NEW.

    Whoever is called NEW already is the same student from then on. It is kept that OLD was renamed.
    """
    from grader.commands import gradebook as command  # noqa: PLC0415 - as in `list`

    command.rename(where.course, where.gradebook, assignment, (old, new), reason, who)


@gradebook.command()
@click.argument("assignment")
@click.argument("student")
@click.option("--reason", metavar="TEXT", required=True, help="Why.")
@_who
@_where
def forget(where: Where, assignment: str, student: str, reason: str, who: str | None) -> None:
    """Do not list STUDENT in ASSIGNMENT any more, unless they are graded again.

    What was graded stays on record. Their page goes with the next grading.
    """
    from grader.commands import gradebook as command  # noqa: PLC0415 - as in `list`

    command.forget(where.course, where.gradebook, assignment, student, reason, who)
