"""A small course, classes of small notebooks for it, and the command run on them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.batch.gradebook import Gradebook
from grader.cli import main
from grader.course import SECRET_BYTES, private_folder
from grader.execution.sandbox.memory import descendants
from grader.results import SubmissionResult
from tests.conftest import notebook_json
from tests.hostile.harness import CANARY, TOTAL

COURSE = Path(__file__).parents[1] / "hostile" / "course"
NAME = "hostile"
READS = "def double(x, waited=WAITED):\n    return 2.0 * x"
WRONG_TOTAL = "def total(x):\n    return float(x.sum(axis=0)[0])"


@dataclass(frozen=True)
class Small:
    """A course of its own below `folder`, with a gradebook (in a file of its own, or `where`)."""

    folder: Path
    where: str = ""

    @property
    def course(self) -> Path:
        """The course's folder."""
        return self.folder / "course"

    @property
    def book(self) -> str:
        """The gradebook's file or URL."""
        return self.where or str(self.folder / "book.sqlite")

    @property
    def students(self) -> Path:
        """The folder of notebooks."""
        return self.folder / "students"

    @property
    def out(self) -> Path:
        """The folder of reports."""
        return self.folder / "out"

    def write(self, name: str, *cells: str) -> None:
        """Write a student's notebook."""
        self.students.mkdir(exist_ok=True)
        (self.students / f"{name}.ipynb").write_text(notebook_json(f"# {name}", *cells))

    def write_class(self, count: int, seconds: float = 0.0) -> None:
        """Write notebooks, every third one wrong, each of which takes some seconds."""
        for number in range(count):
            total = WRONG_TOTAL if number % 3 == 2 else TOTAL
            waits = f"import time\nWAITED = time.sleep({seconds})"
            self.write(f"student_{number:02}", waits, READS, total, CANARY)

    def command(self, *options: str) -> list[str]:
        """Return the arguments with which two workers grade the class."""
        fixed = ["--course", str(self.course), "--gradebook", self.book, "--jobs", "2"]
        fixed += ["--out", str(self.out), "--format", "json"]
        return ["grade", NAME, str(self.students), *fixed, *options]

    def grade(self, *options: str) -> int:
        """Grade the class in this process; return the exit code."""
        return main(self.command(*options))

    @contextmanager
    def grading(self, *options: str) -> Iterator[subprocess.Popen[str]]:
        """Begin to grade the class, as a terminal does: in a process group of its own."""
        with subprocess.Popen(
            [sys.executable, "-m", "grader", *self.command(*options)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def results(self) -> list[SubmissionResult]:
        """Return the results of the last run."""
        with Gradebook.open(self.book) as book:
            return list(book.results(book.runs()[-1].id))

    def gradings(self) -> dict[str, int]:
        """Return how often each student's hand-ins were graded."""
        found = {}
        with Gradebook.open(self.book) as book:
            for score in book.scores(NAME):
                attempts = book.attempts(NAME, score.student)
                found[score.student] = sum(len(attempt.gradings) for attempt in attempts)
        return found


def small(folder: Path, where: str = "") -> Small:
    """Make a small course in a folder."""
    made = Small(folder, where)
    shutil.copytree(COURSE, made.course, ignore=shutil.ignore_patterns("__pycache__"))
    (private_folder(made.course) / "secret").write_text(
        "5e" * SECRET_BYTES
    )  # the same hidden cases
    return made


def wait_for_results(process: subprocess.Popen[str], count: int) -> list[str]:
    """Read what the command says until so many submissions are done."""
    assert process.stdout
    lines: list[str] = []
    while sum(line.split(" ")[0].count("/") for line in lines) < count:
        line = process.stdout.readline()
        assert line, process.stderr.read() if process.stderr else ""
        lines.append(line)
    return lines


def end_group(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """Send a signal to the command's process group, as Ctrl-C at a terminal does."""
    os.killpg(process.pid, number)


def same(one: Sequence[SubmissionResult], other: Sequence[SubmissionResult]) -> bool:
    """Tell whether results are the same, whatever the folder of notebooks is called."""
    names = [
        [(r.student, r.score, r.status, r.questions, r.notes) for r in rs] for rs in (one, other)
    ]
    return names[0] == names[1]


def workers_of(process: int) -> list[int]:
    """Return the worker processes of a grader."""
    return [number for number in descendants(process) if "grader.batch.pool" in command_of(number)]


def command_of(process: int) -> str:
    """Return a process's command, or nothing if it is gone by now."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def wait_until_gone(processes: Sequence[int]) -> list[int]:
    """Wait for processes to end; return those that do not."""
    until = time.monotonic() + 20
    left = list(processes)
    while left and time.monotonic() < until:
        left = [number for number in left if Path(f"/proc/{number}").exists()]
        time.sleep(0.05)
    return left
