"""Whether a busy machine gives other scores than an idle one.

    python -m tests.benchmarks.busy [--students N] [--load N]

Grades a made-up class twice, the second time beside so many processes that are always busy. Some
notebooks are right, some are wrong and inherit from one another, some take half of what a call may
take, in processor time or asleep, and a few never end. Prints how long it took, and whose score is
another one; there has to be none.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.batch import relays
from tests.benchmarks.disturbances import Place, Scores
from tests.conftest import notebook_json

COUNTS = """
import time
def cost(x):
    until = time.thread_time() + 0.5
    while time.thread_time() < until:
        pass
    return float(np.sum(x))
"""
SLEEPS = "import time\ndef cost(x):\n    time.sleep(0.5)\n    return float(np.sum(x))"
# What a student has written otherwise than the right notebook, and how many in a thousand have.
KINDS: tuple[tuple[int, Mapping[str, str]], ...] = (
    (900, {}),
    (40, {"base": "def base(x):\n    return x ** 2 + 3"}),
    (20, {"flat": "flat = 2 * raw.T"}),
    (15, {"cost": COUNTS}),
    (15, {"cost": SLEEPS}),
    (5, {"ping": "def ping(x):\n    while True: pass"}),
    (5, {"shift": "import os\ndef shift(x):\n    os._exit(1)"}),
)


def written(folder: Path, students: int) -> Place:
    """Write the class and its course."""
    rng = random.Random(0)  # noqa: S311 - no secret
    weights, kinds = zip(*KINDS, strict=True)
    (folder / "students").mkdir()
    for number, changes in enumerate(rng.choices(kinds, weights, k=students)):
        notebook = notebook_json(*relays.cells(**changes), f"# student {number}")
        (folder / "students" / f"student_{number:04}.ipynb").write_text(notebook)
    return Place(folder, "relay", folder / "students", relays.write_course(folder))


@contextmanager
def busy(count: int) -> Iterator[None]:
    """Keep the machine busy with so many processes."""
    processes = [subprocess.Popen([sys.executable, "-c", "while 1: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def graded(place: Place) -> tuple[Scores, str]:
    """Grade the class; return its scores, and what is to be said of the run."""
    started = time.perf_counter()
    code = place.start().wait()
    return place.scores(), f"exit code {code}, {time.perf_counter() - started:.0f} s"


def main() -> int:
    """Grade twice and compare; 1 if a score is another one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--students", type=int, default=600)
    parser.add_argument("--load", type=int, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="busy-") as name:
        place = written(Path(name), given.students)
        due, said = graded(place)
        print(f"{len(due)} students on an idle machine: {said}", flush=True)
        (Path(name) / "beside").mkdir()
        with busy(given.load):
            found, said = graded(
                Place(Path(name) / "beside", place.name, place.students, place.course)
            )
        others = sorted(student for student in due if found.get(student) != due[student])
        print(f"beside {given.load} busy processes: {said}; {len(others)} other scores")
        for student in others:
            print(f"  {student}: {due[student]} became {found.get(student)}")
    return bool(others)


if __name__ == "__main__":
    raise SystemExit(main())
