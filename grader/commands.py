"""What the commands do: the parts of the house, put together."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import click
from rich.console import Console

from grader.batch.grade import Task, grade_class
from grader.course import (
    assignment_folder,
    assignment_names,
    course_secret,
    find_course,
    support_folder,
)
from grader.doctor import examine_machine, print_machine
from grader.errors import SubmissionError, UsageError
from grader.execution.kernel import KernelRunner
from grader.judging.expected import AnswerKey, answer_key
from grader.layouts import AUTO, find_submissions
from grader.reporting import FORMATS
from grader.reporting.terminal import print_table, progress
from grader.results import ClassResult, Note, SubmissionResult
from grader.spec import Assignment, Execute
from grader.starter import STARTER_FILE, blank_notebook, read_starter
from grader.submission import Submission, SubmissionFile
from grader.verify import print_verifications
from grader.verify import verify as try_assignment

EXIT_OK, EXIT_BELOW, EXIT_ERROR = 0, 1, 2
SAMPLES = "samples"

UNCONFINED = (
    "Notebooks were run without a sandbox, with the rights of whoever graded them: this machine "
    "allows none (`grader doctor` says why)."
)
REFUSED = (
    "this machine allows no sandbox, so notebooks would run with your rights; `grader doctor` says "
    "why. --unsafe runs them all the same"
)


@dataclass(frozen=True)
class GradeOptions:
    """What `grader grade` was asked for (see its --help)."""

    assignment: str
    paths: tuple[Path, ...]
    course: Path
    out: Path | None
    formats: tuple[str, ...]
    fail_under: float | None
    jobs: int
    execute: Execute | None
    unsafe: bool
    layout: str = AUTO


def grade(options: GradeOptions) -> int:
    """Grade notebooks, write reports, return the exit code."""
    course = find_course(options.course)
    folder = assignment_folder(course, options.assignment)
    if not options.paths and not (folder / SAMPLES).is_dir():
        raise UsageError(f"{folder} has no sample class; give a notebook or a folder of notebooks")
    paths = options.paths or [folder / SAMPLES]
    found = find_submissions(paths, folder.name, options.layout)
    for error in found.errors:
        click.echo(f"grader: {error}", err=True)
    if not found.submissions:
        return EXIT_ERROR
    out = options.out or course / "reports" / folder.name
    _make_folder(out)
    console = Console()
    with KernelRunner() as runner:  # which warms up while the reference runs
        key = _key(course, folder.name, options)
        _warn_of_missing(key.assignment)
        notes = _notes(runner, options)
        with support_folder(course, key.assignment) as support:
            task = Task(key, runner, support, notes)
            results = _graded(task, found.submissions, options.jobs, console)
    print_table(console, results)
    for path in _written(results, out, options.formats):
        click.echo(f"Wrote {path}")
    return EXIT_ERROR if found.errors else _exit_code(results, options.fail_under)


def _key(course: Path, name: str, options: GradeOptions) -> AnswerKey:
    key = answer_key(course, name, course_secret(course))
    execute = options.execute or key.assignment.execute
    return replace(key, assignment=replace(key.assignment, execute=execute))


def _warn_of_missing(assignment: Assignment) -> None:
    """Say before the work which modules graded functions will miss."""
    for module in assignment.needs:
        if importlib.util.find_spec(module) is None:
            message = (
                f"graded functions of {assignment.name} commonly use {module}, which is not "
                "installed here: they will fail (pip install -e '.[notebooks]' brings it)"
            )
            click.secho(f"grader: {message}", fg="yellow", err=True)


def _notes(runner: KernelRunner, options: GradeOptions) -> tuple[Note, ...]:
    """Return what every report has to say of the sandbox; refuse to do without one.

    The sample class is the course's own, and runs at any step.
    """
    if runner.step != "C":
        return ()
    if options.paths and not options.unsafe:
        raise UsageError(REFUSED)
    click.secho(UNCONFINED, fg="yellow", err=True)
    return (Note("warning", UNCONFINED),)


def _make_folder(out: Path) -> None:
    """Make the folder for the reports before the work is done, not after."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise UsageError(f"{out}: reports cannot be written here: {error.strerror}") from error


def _written(results: ClassResult, out: Path, formats: tuple[str, ...]) -> list[Path]:
    try:
        return [FORMATS[name](results, out)[0] for name in formats]
    except OSError as error:
        raise UsageError(f"{error.filename}: not written: {error.strerror}") from error


def _graded(
    task: Task, submissions: Sequence[Submission], jobs: int, console: Console
) -> ClassResult:
    """Grade all submissions; those without a notebook are results with the reason."""
    with tempfile.TemporaryDirectory() as folder:
        files = [_on_disk(each, Path(folder, f"{i}.ipynb")) for i, each in enumerate(submissions)]
        results = _graded_files(task, [f for f in files if f], jobs, console)
    graded = iter(results.submissions)
    whole = [
        replace(next(graded), path=each.path) if file else _ungraded(task, each)
        for each, file in zip(submissions, files, strict=True)
    ]
    return replace(results, submissions=tuple(whole))


def _on_disk(submission: Submission, path: Path) -> SubmissionFile | None:
    """Return a submission as a file: its own, or one at the path with what is in an archive."""
    if submission.warning:
        click.secho(f"grader: {submission.path}: {submission.warning}", fg="yellow", err=True)
    if submission.notebook is None:
        return None
    if Path(submission.path).is_file():
        return SubmissionFile(submission.student, Path(submission.path))
    try:
        path.write_bytes(submission.notebook.read())
    except SubmissionError:
        return None
    return SubmissionFile(submission.student, path)


def _ungraded(task: Task, submission: Submission) -> SubmissionResult:
    return SubmissionResult(
        student=submission.student,
        path=submission.path,
        status="unreadable",
        score=0.0,
        max_score=task.key.assignment.points,
        message=submission.problem or _why_unread(submission),
    )


def _why_unread(submission: Submission) -> str:
    try:
        if submission.notebook:
            submission.notebook.read()
    except SubmissionError as error:
        return str(error)
    return "the notebook could not be read"


def _graded_files(
    task: Task, submissions: list[SubmissionFile], jobs: int, console: Console
) -> ClassResult:
    executor = ThreadPoolExecutor(jobs)
    try:
        with progress(console, len(submissions)) as on_result:
            return grade_class(task, submissions, executor, on_result)
    finally:
        executor.shutdown(cancel_futures=True)  # after an interrupt, what has not begun does not


def _exit_code(results: ClassResult, fail_under: float | None) -> int:
    if any(submission.status == "not_graded" for submission in results.submissions):
        return EXIT_ERROR
    if fail_under is None:
        return EXIT_OK
    below = any(100 * s.score < fail_under * s.max_score for s in results.submissions)
    return EXIT_BELOW if below else EXIT_OK


def verify(names: tuple[str, ...], course: Path) -> int:
    """Try assignments, all of the course by default; 1 if one of them is not sound."""
    course = find_course(course)
    chosen = [assignment_folder(course, name).name for name in names] or assignment_names(course)
    if not chosen:
        raise UsageError(f"{course / 'assignments'}: no assignment to verify")
    console, secret = Console(), course_secret(course)
    found = []
    with KernelRunner() as runner:
        for name in chosen:
            with console.status(f"{name} ..."):
                found.append(try_assignment(course, name, secret, runner))
    print_verifications(console, found)
    return EXIT_BELOW if any(each.problems for each in found) else EXIT_OK


def starter(assignment: str, course: Path, out: Path | None) -> int:
    """Write the starter notebook of an assignment with its modules."""
    course = find_course(course)
    folder = assignment_folder(course, assignment)
    key = answer_key(course, folder.name, course_secret(course))
    notebook = blank_notebook(key.assignment, read_starter(folder / STARTER_FILE, key.assignment))
    out = out or course / "reports" / f"{folder.name}-starter"
    path = out / f"{folder.name}.ipynb"
    try:
        with support_folder(course, key.assignment) as support:
            shutil.copytree(support, out, dirs_exist_ok=True)
        path.write_text(notebook, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{error.filename or out}: not written: {error.strerror}") from error
    click.echo(f"Wrote {path}, and the modules that it imports beside it")
    return EXIT_OK


def doctor() -> int:
    """Try what this machine's sandbox can do, and print it; 1 if there is none."""
    machine = examine_machine()
    print_machine(Console(), machine)
    return EXIT_BELOW if machine.step == "C" else EXIT_OK
