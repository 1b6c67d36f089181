"""How a hostile notebook is tried: beside an honest one, with everything counted before and after.

A `Hostile` is a notebook of our own for one or more numbers of the catalogue. It defines `double`
and `total`, at least one of them by some trick, and sets `canary` to True if the trick took effect
in its own process: an attack that does not attack would prove nothing.
"""

from __future__ import annotations

import os
import tempfile
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from grader.batch.grade import Task, grade_submission
from grader.execution.sandbox.memory import descendants
from grader.results import SubmissionResult
from grader.submission import SubmissionFile
from tests.conftest import notebook_json

DOUBLE = "import numpy as np\ndef double(x):\n    return 2.0 * x"
TOTAL = "import numpy as np\ndef total(x):\n    return float(np.sum(x))"
CANARY = "canary = True"
HONEST = (DOUBLE, TOTAL, CANARY)
MEMORY = 200 * 2**20  # bytes by which the grader's own resident memory may grow at its peak


@dataclass(frozen=True)
class Hostile:
    """One attack: the catalogue's numbers, the notebook's cells, and what has to come of it.

    `outcome` gives, for a graded item, the statuses that are right for it: of passed, failed,
    errored, timed_out, crashed, missing. `says` must stand in the messages that the student gets,
    `never` must not stand anywhere in the result. `check` looks at the result further. With
    `outside`, its first cell names a bystander, which must not change. Graded beside an honest one,
    it takes `seconds` at most.
    """

    numbers: tuple[int, ...]
    name: str
    cells: tuple[str, ...]
    outcome: dict[str, str] = field(default_factory=dict)
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    check: Callable[[SubmissionResult], None] | None = None
    outside: bool = False
    seconds: float = 240.0

    @property
    def id(self) -> str:
        """Its numbers and its name."""
        return "-".join(f"{number:02}" for number in self.numbers) + "-" + self.name


def write(folder: Path, name: str, cells: tuple[str, ...]) -> SubmissionFile:
    """Write a notebook of the given cells."""
    path = folder / f"{name}.ipynb"
    path.write_text(notebook_json(*(textwrap.dedent(cell).strip("\n") for cell in cells)))
    return SubmissionFile(name, path)


def grade_beside(
    task: Task, hostile: SubmissionFile, honest: SubmissionFile
) -> tuple[SubmissionResult, SubmissionResult]:
    """Grade both at the same time; return both results."""
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(grade_submission, task, hostile)
        second = pool.submit(grade_submission, task, honest)
        return first.result(), second.result()


@dataclass(frozen=True)
class Traces:
    """What could be left behind: processes, temporary files, mounts, open files."""

    processes: frozenset[int]
    folders: frozenset[str]
    mounts: int
    descriptors: int


def traces() -> Traces:
    """Count what there is now."""
    return Traces(
        frozenset({*descendants(os.getpid()), *orphans()}),
        frozenset(os.listdir(tempfile.gettempdir())),  # noqa: PTH208
        len(Path("/proc/self/mountinfo").read_text().splitlines()),
        len(os.listdir("/proc/self/fd")),  # noqa: PTH208
    )


def orphans() -> set[int]:
    """Return the processes with a kernel's environment that have lost their parents."""
    found = set()
    for name in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208
        with suppress(OSError):
            parent = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[1]
            environment = Path(f"/proc/{name}/environ").read_bytes().split(b"\0")
            if parent == "1" and b"LOGNAME=student" in environment:
                found.add(int(name))
    return found


def forget_peak() -> None:
    """Start to measure the peak of this process's resident memory anew (proc(5), clear_refs)."""
    Path("/proc/self/clear_refs").write_text("5")


def resident(peak: bool) -> int:  # noqa: FBT001
    """Return this process's resident memory in bytes: its peak, or what it is now."""
    name = "VmHWM:" if peak else "VmRSS:"
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    raise AssertionError("no such line")
