"""The command line: parse, call, exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grader
from grader.errors import GraderError, near_miss

EXIT_OK, EXIT_BELOW, EXIT_ERROR, EXIT_INTERRUPTED = 0, 1, 2, 130
DEFAULT_FORMATS = ("html", "json")
SAMPLES = "samples"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code. Errors are one line each, never a traceback."""
    arguments = _parser().parse_args(argv)
    try:
        return _grade(arguments)
    except GraderError as error:
        return _say(error)
    except KeyboardInterrupt:
        print("grader: interrupted; no report was written", file=sys.stderr)  # noqa: T201
        return EXIT_INTERRUPTED


def _say(error: GraderError) -> int:
    print(f"grader: {error}", file=sys.stderr)  # noqa: T201 - the command's own voice
    return EXIT_ERROR


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="grader", description=grader.__doc__.splitlines()[0])
    parser.add_argument("--version", action="version", version=f"grader {grader.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    grade = commands.add_parser(
        "grade",
        help="grade notebooks and write reports",
        description="Grade notebooks and write reports. Without PATH, the sample class that ships "
        "with the assignment is graded.",
        epilog="Exit code: 0 when everything was graded, 1 under --fail-under, 2 for a usage or "
        "course error.",
    )
    grade.add_argument("assignment", metavar="ASSIGNMENT", help="a folder of assignments/")
    grade.add_argument(
        "paths", metavar="PATH", nargs="*", type=Path, help="a notebook, or a folder of notebooks"
    )
    grade.add_argument(
        "--course", metavar="DIR", type=Path, help="the course (default: here or above)"
    )
    grade.add_argument(
        "--out", metavar="DIR", type=Path, help="where to write (default: reports/ASSIGNMENT)"
    )
    grade.add_argument(
        "--format",
        metavar="LIST",
        type=_formats,
        default=DEFAULT_FORMATS,
        help="comma-separated list of html, json (default: html,json)",
    )
    grade.add_argument(
        "--fail-under",
        metavar="PERCENT",
        type=_percent,
        help="exit with 1 if a submission has a smaller share of the points",
    )
    grade.add_argument(
        "--jobs",
        metavar="N",
        type=_positive,
        default=os.cpu_count() or 1,
        help="how many notebooks run at once (default: one per processor)",
    )
    return parser


def _formats(text: str) -> tuple[str, ...]:
    from grader.reporting import FORMATS  # noqa: PLC0415 - see _grade

    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in FORMATS:
            close = near_miss(name, FORMATS)
            hint = f"did you mean '{close}'?" if close else f"there are: {', '.join(FORMATS)}"
            raise argparse.ArgumentTypeError(f"no format '{name}'; {hint}")
    if not names:
        raise argparse.ArgumentTypeError(f"expected some of: {', '.join(FORMATS)}")
    return names


def _percent(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 100:
        raise argparse.ArgumentTypeError(f"'{text}' is not a percentage from 0 to 100")
    return value


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 1 on")
    return int(text)


def _grade(arguments: argparse.Namespace) -> int:
    # Imported here, so that `grader --help` does not wait for NumPy and Jupyter.
    from rich.console import Console  # noqa: PLC0415

    from grader.batch.grade import Task, grade_class  # noqa: PLC0415
    from grader.course import assignment_folder, course_secret, find_course  # noqa: PLC0415
    from grader.execution.kernel import KernelRunner  # noqa: PLC0415
    from grader.judging.expected import answer_key  # noqa: PLC0415
    from grader.reporting import FORMATS  # noqa: PLC0415
    from grader.reporting.terminal import print_table, progress  # noqa: PLC0415
    from grader.submission import find_submissions  # noqa: PLC0415

    console, notices = Console(), Console(stderr=True)
    course = find_course(arguments.course or Path())
    folder = assignment_folder(course, arguments.assignment)
    submissions, errors = find_submissions(arguments.paths or [folder / SAMPLES])
    for error in errors:
        _say(error)
    if not submissions:
        return EXIT_ERROR
    task = Task(
        key=answer_key(course, arguments.assignment, course_secret(course)),
        runner=KernelRunner(),
        support=folder / "support",
    )
    if arguments.paths:
        notices.print(UNCONFINED, style="yellow", soft_wrap=True)
    with (
        ThreadPoolExecutor(arguments.jobs) as executor,
        progress(console, len(submissions)) as on_result,
    ):
        results = grade_class(task, submissions, executor, on_result)
    out = arguments.out or course / "reports" / arguments.assignment
    written = [FORMATS[name](results, out)[0] for name in arguments.format]
    print_table(console, results)
    for path in written:
        console.print(f"Wrote {path}", soft_wrap=True, highlight=False, markup=False)
    if errors:
        return EXIT_ERROR
    return _below(arguments.fail_under, [(s.score, s.max_score) for s in results.submissions])


UNCONFINED = (
    "Notebooks are run in ordinary Jupyter kernels, without a sandbox: grade only notebooks that "
    "you would run yourself."
)


def _below(fail_under: float | None, scores: list[tuple[float, float]]) -> int:
    if fail_under is None:
        return EXIT_OK
    return EXIT_BELOW if any(100 * s < fail_under * m for s, m in scores) else EXIT_OK
