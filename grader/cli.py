"""The command line: parse, call, exit code."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

import grader
from grader import gradebook_cli
from grader.errors import GraderError, near_miss
from grader.layouts import AUTO, LAYOUTS
from grader.spec import Execute
from grader.texts import without_commands

EXIT_ERROR, EXIT_INTERRUPTED = 2, 130
DEFAULT_FORMATS = "html,json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code. Errors are one line each, never a traceback."""
    for stream in (sys.stdout, sys.stderr):  # names in scripts that a terminal may not know
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code: int | None = cli.main(arguments, prog_name="grader", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return EXIT_ERROR
    except click.Abort:
        click.echo("grader: interrupted", err=True)
        return EXIT_INTERRUPTED
    except GraderError as error:
        click.echo(f"grader: {without_commands(str(error))}", err=True)
        return EXIT_ERROR
    except Exception as error:
        if "GRADER_TRACEBACK" in os.environ:
            raise
        click.echo(
            f"grader: a bug in the grader: {type(error).__name__}: {error} "
            "(set GRADER_TRACEBACK=1 to see where, and report it)",
            err=True,
        )
        return EXIT_ERROR
    return code or 0


@click.group(help=(grader.__doc__ or "").splitlines()[0])
@click.version_option(grader.__version__, prog_name="grader", message="%(prog)s %(version)s")
def cli() -> None:
    """Hold the commands."""


class Formats(click.ParamType[tuple[str, ...]]):
    """A comma-separated list of report formats."""

    name = "LIST"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the names, each once; fail with the near miss for one that does not exist."""
        from grader.reporting import FORMATS  # noqa: PLC0415 - as in `grade`

        names = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
        known = ", ".join(FORMATS)
        for name in names:
            if name not in FORMATS:
                close = near_miss(name, FORMATS)
                hint = f"did you mean '{close}'?" if close else f"there are: {known}"
                self.fail(f"no format '{name}'; {hint}", param, ctx)
        return names or self.fail(f"expected some of: {known}", param, ctx)


_course = click.option(
    "--course",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=Path(),
    help="The course, or a folder in it (default: here).",
)


@cli.command()
@click.argument("assignment")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@_course
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to write the reports (default: reports/ASSIGNMENT of the course).",
)
@click.option(
    "--format",
    "formats",
    type=Formats(),
    default=DEFAULT_FORMATS,
    show_default=True,
    help="Which reports to write, comma-separated: html, json.",
)
@click.option(
    "--fail-under",
    metavar="PERCENT",
    type=click.FloatRange(0, 100),
    help="Exit with 1 if a submission has a smaller share of the points.",
)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    help="How many notebooks run at once (default: one per processor).",
)
@click.option(
    "--execute",
    type=click.Choice(["needed", "all"]),
    help="What of a notebook is run (default: what the assignment says).",
)
@click.option(
    "--layout",
    type=click.Choice([AUTO, *LAYOUTS]),
    default=AUTO,
    show_default=True,
    help="How the platform lays out what it hands out; auto recognises it.",
)
@click.option(
    "--gradebook",
    metavar="URL_OR_FILE",
    help="Where results are recorded (default: what the environment's GRADER_GRADEBOOK says, else "
    ".grader/gradebook.sqlite of the course).",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Let the workers of a Dask cluster grade: the address of its scheduler, or `local`.",
)
@click.option("--force", is_flag=True, help="Grade also what has a result that still holds.")
@click.option(
    "--dry-run",
    is_flag=True,
    help="Grade, list the scores that would change, record nothing and write no report.",
)
@click.option(
    "--unsafe",
    is_flag=True,
    help="Run notebooks even where no sandbox can be set up; every report then says so.",
)
def grade(
    assignment: str,
    paths: tuple[Path, ...],
    course: Path,
    out: Path | None,
    formats: tuple[str, ...],
    fail_under: float | None,
    jobs: int,
    execute: Execute | None,
    layout: str,
    gradebook: str | None,
    dask: str | None,
    force: bool,  # noqa: FBT001 - here and below: passed by name
    dry_run: bool,  # noqa: FBT001
    unsafe: bool,  # noqa: FBT001
) -> int:
    """Grade notebooks for ASSIGNMENT, record the results and write reports.

    A PATH is a notebook, a folder of notebooks or of students' folders, or what a learning platform
    hands out (nbgrader, Canvas, Moodle, Blackboard, GitHub Classroom, Gradescope), as a folder or a
    zip archive; without one, the sample class that ships with the assignment is graded.

    What has a result that still holds is not graded again. After Ctrl-C, or whatever else, the
    same command goes on where it was.

    Exit code: 0 when everything was graded, whatever the scores; 1 under --fail-under; 2 for a
    usage or course error, or if the grader itself failed; 130 when it was interrupted.
    """
    from grader.commands import grade as command  # noqa: PLC0415 - heavy: --help need not wait

    return command.grade(
        command.GradeOptions(
            assignment=assignment,
            paths=paths,
            course=course,
            out=out,
            formats=formats,
            fail_under=fail_under,
            jobs=jobs,
            execute=execute,
            unsafe=unsafe,
            layout=layout,
            gradebook=gradebook,
            dask=dask,
            force=force,
            dry_run=dry_run,
        )
    )


@cli.command()
@click.argument("assignments", metavar="[ASSIGNMENT]...", nargs=-1)
@_course
def verify(assignments: tuple[str, ...], course: Path) -> int:
    """Try whether assignments are sound, all of the course by default.

    The reference has to get full marks as a submission, and the blank starter notebook none; every
    known mistake has to be caught by a case and recognised; the cases and the reference have to be
    the same each time; gradients have to be slopes of their costs.

    Exit code: 0 when all are sound, 1 when one is not, with the reasons.
    """
    from grader.commands import course as command  # noqa: PLC0415 - as in `grade`

    return command.verify(assignments, course)


@cli.command()
@click.argument("assignment")
@_course
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to write it (default: reports/ASSIGNMENT-starter of the course).",
)
def starter(assignment: str, course: Path, out: Path | None) -> int:
    """Write the starter notebook of ASSIGNMENT, and the modules that it imports beside it.

    The notebook holds the assignment's prose, with blank cells for graded items.
    """
    from grader.commands import course as command  # noqa: PLC0415 - as in `grade`

    return command.starter(assignment, course, out)


@cli.command()
def doctor() -> int:
    """Try what this machine can do to confine students' code, and say what it stops.

    Exit code: 0 when notebooks run in a sandbox here, 1 when they cannot.
    """
    from grader.commands import course as command  # noqa: PLC0415 - as in `grade`

    return command.doctor()


cli.add_command(gradebook_cli.gradebook)
