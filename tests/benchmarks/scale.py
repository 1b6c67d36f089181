"""A class of a thousand, or of ten thousand; and one that is killed again and again.

    python -m tests.benchmarks.scale [--submissions N] [--jobs N] [--kills N] [--of N]

Grades so many made-up submissions (`tests.benchmarks.synthetic`) for `logistic_regression` with the
command as anybody runs it, watches the memory of its processes, and prints by tenths of the class:
rate, seconds of work per submission, memory of the command itself and of its workers with the
parents of their kernels. Then a class of `--of` is killed (SIGKILL) at random moments, and taken up
by the same command, until it is done: its gradebook has to be that of a class that was left alone.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from grader.batch.gradebook import Gradebook
from grader.execution.sandbox.memory import descendants
from grader.results import SubmissionResult
from tests.benchmarks.synthetic import write_class

NAME = "logistic_regression"
COURSE = Path(__file__).parents[2]
MB = 2**20


@dataclass(frozen=True)
class Watched:
    """What a run was seen to do: its memory (bytes) at times (seconds since the epoch)."""

    code: int
    seconds: float
    memory: tuple[tuple[float, int, int], ...]


@dataclass(frozen=True)
class Place:
    """Where a class is graded."""

    folder: Path
    students: Path
    jobs: int

    @property
    def book(self) -> Path:
        """The gradebook's file."""
        return self.folder / "gradebook.sqlite"

    def command(self) -> list[str]:
        """Return the command that grades the class."""
        options = ["--gradebook", str(self.book), "--out", str(self.folder / "out")]
        options += ["--format", "json", "--jobs", str(self.jobs), "--course", str(COURSE)]
        return [sys.executable, "-m", "grader", "grade", NAME, str(self.students), *options]

    def start(self) -> subprocess.Popen[bytes]:
        """Begin to grade."""
        self.folder.mkdir(exist_ok=True)
        return subprocess.Popen(
            self.command(), stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, process_group=0
        )


def watch(place: Place) -> Watched:
    """Grade a class to its end, and look at the memory now and then."""
    started, memory = time.time(), []
    process = place.start()
    while process.poll() is None:
        own = resident(process.pid)
        others = sum(map(resident, long_lived(process.pid)))
        memory.append((time.time(), own, others))
        time.sleep(1)
    return Watched(process.returncode, time.time() - started, tuple(memory))


def long_lived(process: int) -> list[int]:
    """Return the workers and the parents of their kernels, not the kernels."""
    found = []
    for number in descendants(process):
        try:
            command = Path(f"/proc/{number}/cmdline").read_bytes()
            parent = int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1])
            of_parent = Path(f"/proc/{parent}/cmdline").read_bytes()
        except OSError:
            continue
        if b"grader.batch.pool" in command or b"grader.batch.pool" in of_parent:
            found.append(number)
    return found


def resident(process: int) -> int:
    """Return the resident memory of a process in bytes."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf(
            "SC_PAGESIZE"
        )
    except OSError:
        return 0


# ---------------------------------------------------------------- a large class


def print_large(place: Place, count: int) -> None:
    """Grade a large class and print how it went."""
    watched = watch(place)
    assert watched.code == 0, watched.code
    done = read_log(place.folder / "out" / "grading.log")
    assert len(done) == count, len(done)
    print(f"{count} submissions, {place.jobs} workers: {watched.seconds:.0f} s in all")
    print(
        f"{'submissions':>14} {'a second':>9} {'s of work each':>15} {'command':>9} {'workers':>9}"
    )
    for tenth in range(10):
        part = done[tenth * count // 10 : (tenth + 1) * count // 10]
        span = part[-1][0] - part[0][0]
        own, others = memory_at(watched, part[-1][0])
        rate = (len(part) - 1) / span if span else 0.0
        work = sum(seconds for _, seconds in part) / len(part)
        upto = (tenth + 1) * count // 10
        print(f"{upto:14} {rate:9.2f} {work:15.3f} {own / MB:6.0f} MB {others / MB:6.0f} MB")
    size = place.book.stat().st_size
    print(f"gradebook: {size / MB:.1f} MB, {size / count / 1024:.1f} kB a submission")
    started = time.perf_counter()
    assert place.start().wait() == 0
    print(f"the same command again: {time.perf_counter() - started:.1f} s\n")


def read_log(path: Path) -> list[tuple[float, float]]:
    """Return when each submission was done (seconds since the epoch), and what it took."""
    lines = path.read_text().splitlines()
    told = [(line, re.search(r" student=.* seconds=([\d.]+)", line)) for line in lines]
    return [
        (datetime.fromisoformat(line.split(" ")[0]).timestamp(), float(seconds[1]))
        for line, seconds in told
        if seconds
    ]


def memory_at(watched: Watched, moment: float) -> tuple[int, int]:
    """Return the memory of the command and of its workers at about a moment."""
    nearest = min(watched.memory, key=lambda seen: abs(seen[0] - moment))
    return nearest[1], nearest[2]


# ---------------------------------------------------------------- a class that is killed


def print_killed(students: Path, folder: Path, kills: int, jobs: int) -> None:
    """Kill runs, each with a gradebook of its own; compare with one that was left alone."""
    whole = Place(folder / "whole", students, jobs)
    watched = watch(whole)
    assert watched.code == 0
    due = contents(whole.book)
    rng = random.Random(0)  # noqa: S311 - no secret
    equal = 0
    for number in range(kills):
        place = Place(folder / f"killed-{number}", students, jobs)
        process, moment = place.start(), rng.uniform(0.1, 0.95) * watched.seconds
        time.sleep(moment)
        below = descendants(process.pid)
        process.kill()
        process.wait()
        kept = len(contents(place.book)) if place.book.exists() else 0
        assert place.start().wait() == 0
        same = contents(place.book) == due
        equal += same
        left = sum(Path(f"/proc/{number}").exists() for number in below)
        print(f"killed after {moment:5.1f} s, {kept:3} of {len(due)} recorded: ", end="")
        print(f"{'the same' if same else 'ANOTHER'} gradebook, {left} processes left")
    print(f"{equal} of {kills} gradebooks are the same as without being killed")


def contents(book: Path) -> dict[str, tuple[int, SubmissionResult]]:
    """Return what a gradebook says of each student: gradings of it, and the result that stands."""
    with Gradebook.open(book) as gradebook:
        runs = gradebook.runs()
        if not runs:  # killed before it began
            return {}
        results = {r.student: replace(r, path="") for r in gradebook.results(runs[-1].id)}
        return {
            name: (sum(len(a.gradings) for a in gradebook.attempts(NAME, name)), result)
            for name, result in results.items()
        }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--submissions", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--of", type=int, default=40, help="students of the class that is killed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="scale-") as name:
        folder = Path(name)
        if options.submissions:
            write_class(folder / "large", options.submissions)
            print_large(Place(folder / "one", folder / "large", options.jobs), options.submissions)
        if options.kills:
            write_class(folder / "small", options.of)
            print_killed(folder / "small", folder, options.kills, options.jobs)


if __name__ == "__main__":
    main()
