"""What the commands about the course itself do: verify, starter, doctor."""

from __future__ import annotations

import shutil
from pathlib import Path

import click
from rich.console import Console

from grader.course import (
    assignment_folder,
    assignment_names,
    course_secret,
    find_course,
    private_folder,
    support_folder,
)
from grader.doctor import examine_machine, print_machine
from grader.errors import UsageError
from grader.execution.kernel import KernelRunner
from grader.judging.evidence import EVIDENCE
from grader.judging.expected import answer_key
from grader.starter import STARTER_FILE, blank_notebook, read_starter
from grader.verify import print_verifications
from grader.verify import verify as try_assignment

EXIT_OK, EXIT_BELOW, EXIT_ERROR = 0, 1, 2
SAMPLES = "samples"


def verify(names: tuple[str, ...], course: Path) -> int:
    """Try assignments, all of the course by default; 1 if one of them is not sound."""
    course = find_course(course)
    chosen = [assignment_folder(course, name).name for name in names] or assignment_names(course)
    if not chosen:
        raise UsageError(f"{course / 'assignments'}: no assignment to verify")
    console, secret = Console(), course_secret(course)
    cache = private_folder(course) / EVIDENCE
    found = []
    with KernelRunner() as runner:
        for name in chosen:
            with console.status(f"{name} ..."):
                found.append(try_assignment(course, name, secret, runner, cache))
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
