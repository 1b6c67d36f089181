"""Whether a machine's fault ever costs a student points.

    python -m tests.benchmarks.disturbances [--times N] [--memory N] [--pipes N] [--pauses N]
        [--seconds S] [--seed N] [--assignment NAME] [--students N] [--kinds worker,helper,…]

Grades a few of an assignment's sample notebooks on a quiet machine. Then it does so again and
again, and each time ends one process of the grader's own (SIGKILL), or stops it for some seconds
(SIGSTOP, SIGCONT): one of each kind in turn, at a random moment of its life. Or another process of
its cgroup takes all memory, so that the system kills the grader's; or nobody reads what it prints
for a while. Every score has to be
that of the quiet run; what is not graded has to be said so (exit code 2), and graded by the same
command.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from grader.batch.gradebook import Gradebook
from grader.execution.sandbox import cgroup
from grader.results import SubmissionResult
from tests.processes import KINDS, Kind, Process, Seen

ROOT = Path(__file__).parents[2]
LOOK = 0.002  # seconds between two looks at the processes
ROOM = 480 * 2**20  # bytes, of a group whose memory is filled
PROCESSES = 1000
HOG = """
import time
held = []
try:
    for _ in range(90):
        held.append(b"x" * 2**22)
        time.sleep(0.02)
except MemoryError:
    pass
"""

Scores = dict[str, float | None]


@dataclass(frozen=True)
class Place:
    """Where a class is graded: a folder for its gradebook and reports."""

    folder: Path
    name: str
    students: Path
    course: Path = ROOT

    def start(
        self, prefix: Sequence[str] = (), stdout: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        """Begin to grade; `prefix` is a command that runs another one."""
        options = ["--gradebook", f"{self.folder}/book.sqlite", "--out", f"{self.folder}/out"]
        options += ["--format", "json", "--jobs", "2", "--course", str(self.course)]
        command = [sys.executable, "-m", "grader", "grade", self.name, str(self.students)]
        return subprocess.Popen(
            [*prefix, *command, *options],
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            process_group=0,
        )

    def results(self) -> list[SubmissionResult]:
        """Return the students' results."""
        with Gradebook.open(self.folder / "book.sqlite") as book:
            return [*book.class_results(self.name)]

    def scores(self) -> Scores:
        """Return the students' scores; None for who is not graded."""
        return {
            each.student: each.score if each.status == "graded" else None for each in self.results()
        }


@dataclass
class Outcome:
    """What a disturbance has come to: scores that have moved, and students that were not graded.

    Of those, `second` were graded by the same command again; `why` has what was said of them.
    `is_said` if the exit code was right.
    """

    hit: Process
    action: str
    moved: list[str] = field(default_factory=list)
    not_graded: int = 0
    second: int = 0
    why: list[str] = field(default_factory=list)
    is_said: bool = True


@dataclass(frozen=True)
class Quiet:
    """What an undisturbed run has come to: scores, and for how long each kind of process was there.

    In seconds, from the first time that one was seen to the last.
    """

    scores: Scores
    there: dict[Kind, float]


def quiet_run(place: Place) -> Quiet:
    """Grade the class undisturbed."""
    command = place.start()
    first: dict[Kind, float] = {}
    there: dict[Kind, float] = {}
    seen = Seen(command.pid)
    while command.poll() is None:
        now = time.monotonic()
        for kind in {each.kind for each in seen.processes()}:
            there[kind] = now - first.setdefault(kind, now)
        time.sleep(LOOK)
    if command.wait():
        raise SystemExit("the class cannot be graded on a quiet machine")
    return Quiet(place.scores(), there)


def disturb(place: Place, kind: Kind, at: float, seconds: float, quiet: Quiet) -> Outcome | None:
    """Grade the class; end one process of a kind, or stop it; None if there was none to be hit.

    It is one that there is at a moment, or the next one: `at` is 0 where the first one is seen, and
    1 where the last one would be if this run took as long as the quiet one.
    """
    command = place.start()
    hit = _hit(command, kind, at * quiet.there.get(kind, 0.0), seconds)
    code = command.wait()
    if hit is None:
        return None
    return _outcome(
        place, code, Outcome(hit, f"paused for {seconds:g} s" if seconds else "killed"), quiet
    )


def fill_memory(place: Place, rng: random.Random, quiet: Quiet) -> Outcome:
    """Grade the class in a group that has no more memory for a while: the system kills the largest.

    Raises OSError where there are no groups with a limit of memory, or for want of rights.
    """
    group = cgroup.make(ROOM, PROCESSES)
    try:
        command = place.start(_in(group, first=1000))
        time.sleep(rng.uniform(0, 1.5 * quiet.there["command"]))
        if rng.random() < 0.7 and command.poll() is None:  # so that it is not the one each time
            Path(f"/proc/{command.pid}/oom_score_adj").write_text("0")
        with subprocess.Popen([*_in(group), sys.executable, "-c", HOG]) as hog:
            code = command.wait()
            hog.kill()
        stage = "the system killed" if group.exceeded_memory else "nothing was killed"
    finally:
        group.end()
        group.remove()
    return _outcome(
        place, code, Outcome(Process(command.pid, "command", stage), "memory filled"), quiet
    )


def _in(group: cgroup.Cgroup, first: int = 0) -> list[str]:
    """Return a command that runs another one within a group; how readily it is killed (proc(5))."""
    script = f'echo {first} > /proc/self/oom_score_adj; for each in $0; do echo $$ > "$each"; done'
    procs = [str(folder / "cgroup.procs") for folder in group.folders]
    return ["sh", "-c", f'{script}; exec "$@"', " ".join(procs)]


def fill_pipe(place: Place, seconds: float, quiet: Quiet) -> Outcome:
    """Grade the class into a full pipe, of which nobody reads for some seconds."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writing, b"x" * 4096)
    os.set_blocking(writing, True)
    command = place.start(stdout=writing)
    os.close(writing)
    time.sleep(seconds)
    with open(reading, "rb") as file:  # noqa: PTH123 - a descriptor
        file.read()
    code = command.wait()
    return _outcome(place, code, Outcome(Process(command.pid, "command"), "pipe filled"), quiet)


def _outcome(place: Place, code: int, outcome: Outcome, quiet: Quiet) -> Outcome:
    """Compare; grade again what the command has not graded, and whatever it was that ended it."""
    # A command that was killed is begun again; so is one that had no answer key.
    if code < 0 or not (place.folder / "book.sqlite").exists():
        code = place.start().wait()
    scores = place.scores()
    if not scores:
        code = place.start().wait()
        scores = place.scores()
    outcome.not_graded = sum(score is None for score in scores.values())
    outcome.why = [each.message for each in place.results() if each.status != "graded"]
    outcome.is_said = (code == 2) == bool(outcome.not_graded)
    outcome.moved = _moved(scores, quiet.scores)
    if outcome.not_graded:
        place.start().wait()
        scores = place.scores()
        outcome.second = outcome.not_graded - sum(score is None for score in scores.values())
        outcome.moved += _moved(scores, quiet.scores)
    lost = quiet.scores.keys() - scores.keys()
    outcome.moved += [f"{student} has no result" for student in lost]
    return outcome


def _moved(scores: Scores, quiet: Scores) -> list[str]:
    return [
        f"{student}: {quiet[student]} became {score}"
        for student, score in scores.items()
        if score is not None and score != quiet[student]
    ]


def _hit(
    command: subprocess.Popen[bytes], kind: Kind, after: float, seconds: float
) -> Process | None:
    """End a process of a kind, or stop it for some seconds: so long `after` the first is seen."""
    at, seen = 0.0, Seen(command.pid)
    while command.poll() is None:
        of_kind = [each for each in seen.processes() if each.kind == kind]
        if of_kind and not at:
            at = time.monotonic() + after
        if of_kind and time.monotonic() >= at:
            with suppress(ProcessLookupError):
                os.kill(of_kind[-1].number, signal.SIGSTOP if seconds else signal.SIGKILL)
                if seconds:
                    time.sleep(seconds)
                    os.kill(of_kind[-1].number, signal.SIGCONT)
                return of_kind[-1]
        time.sleep(LOOK)
    return None


# ---------------------------------------------------------------- many of them


def disturb_often(
    folder: Path, class_: Place, kinds: Sequence[Kind], given: argparse.Namespace
) -> list[Outcome]:
    """Disturb as often as asked for, the kinds in turn; pauses come first."""
    rng = random.Random(given.seed)  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory(dir=folder) as own:  # what is worked out once is there then
        Place(Path(own), class_.name, class_.students).start().wait()
    quiet = quiet_run(class_)
    print("quiet:", quiet.scores, flush=True)
    outcomes: list[Outcome] = []
    missed: Counter[str] = Counter()
    for number in range(given.memory + given.pipes):
        with tempfile.TemporaryDirectory(dir=folder) as own:
            place = Place(Path(own), class_.name, class_.students)
            if number < given.memory:
                outcomes.append(fill_memory(place, rng, quiet))
            else:
                outcomes.append(fill_pipe(place, given.seconds, quiet))
        print(len(outcomes), outcomes[-1], flush=True)
    given.pauses += len(outcomes)
    while len(outcomes) < given.times and missed.total() < 3 * given.times:
        kind = kinds[(len(outcomes) + missed.total()) % len(kinds)]
        seconds = given.seconds if len(outcomes) < given.pauses else 0.0
        with tempfile.TemporaryDirectory(dir=folder) as own:
            place = Place(Path(own), class_.name, class_.students)
            outcome = disturb(place, kind, rng.random(), seconds, quiet)
        if outcome is None:
            missed[kind] += 1
            continue
        outcomes.append(outcome)
        print(len(outcomes), outcome, flush=True)
    return outcomes


def print_table(outcomes: Sequence[Outcome]) -> None:
    """Print, by kind and stage, how often, and what came of it."""
    table = Table("process", "stage", "", "times", "moved", "not graded", "graded the second time")
    rows: dict[tuple[str, str, str], list[Outcome]] = {}
    for each in outcomes:
        rows.setdefault((each.hit.kind, each.hit.stage, each.action), []).append(each)
    for key, those in sorted(rows.items()):
        moved = sum(len(each.moved) for each in those)
        lost = sum(each.not_graded for each in those)
        second = sum(each.second for each in those)
        table.add_row(*key, str(len(those)), str(moved), str(lost), str(second))
    Console(width=120).print(table)
    for each in outcomes:
        if each.moved or not each.is_said or each.second < each.not_graded:
            print(each)


def main() -> int:
    """Disturb, and print what came of it; 1 if any score has moved."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--pauses", type=int, default=0, help="how many of them are pauses")
    parser.add_argument("--memory", type=int, default=0, help="how many fill the memory (as root)")
    parser.add_argument("--pipes", type=int, default=0, help="how many fill the pipe of its output")
    parser.add_argument("--seconds", type=float, default=25.0, help="of a pause")
    parser.add_argument("--assignment", default="deep_network")
    parser.add_argument("--students", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kinds", type=lambda text: text.split(","), default=KINDS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="disturbances-") as name:
        folder = Path(name)
        (folder / "students").mkdir()
        samples = sorted((ROOT / "assignments" / given.assignment / "samples").glob("*.ipynb"))
        rng = random.Random(given.seed)  # noqa: S311 - no secret
        for sample in rng.sample(samples, min(given.students, len(samples))):
            (folder / "students" / sample.name).write_bytes(sample.read_bytes())
        class_ = Place(folder, given.assignment, folder / "students")
        outcomes = disturb_often(folder, class_, given.kinds, given)
    print_table(outcomes)
    return 1 if any(each.moved or not each.is_said for each in outcomes) else 0


if __name__ == "__main__":
    raise SystemExit(main())
