"""What it takes to begin.

    python -m tests.benchmarks.startup [--rounds N]

Processor and wall seconds of whole commands, all their processes counted: Python itself, the help,
and one notebook from cold, in an exercise of two small functions and in `logistic_regression`; then
the same command again, when the notebook has its result.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from tests.batch.classes import small
from tests.benchmarks.others.meter import Command, Cost, Meter
from tests.benchmarks.synthetic import write_class
from tests.hostile.harness import HONEST

COURSE = Path(__file__).parents[2]


def rows(folder: Path) -> dict[str, list[str]]:
    """Return the commands to be measured, by what they are called."""
    course = small(folder / "small")
    course.write("ann", *HONEST)
    write_class(folder / "one", 1)
    grade = [sys.executable, "-m", "grader", "grade"]
    large = [*grade, "logistic_regression", str(folder / "one"), "--course", str(COURSE)]
    large += ["--gradebook", str(folder / "book.sqlite"), "--out", str(folder / "out")]
    again = [sys.executable, "-m", "grader", *course.command()]
    return {
        "Python itself": [sys.executable, "-c", "pass"],
        "grader --help": [sys.executable, "-m", "grader", "--help"],
        "one small notebook": [*again, "--force"],
        "the same again": again,
        "one of logistic_regression": [*large, "--force"],
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    meter = Meter()
    with tempfile.TemporaryDirectory(prefix="startup-") as name:
        commands = rows(Path(name))
        costs: dict[str, list[Cost]] = {row: [] for row in commands}
        for number in range(options.rounds + 1):
            for row, arguments in commands.items():
                cost = meter.run(Command(arguments, COURSE, dict(os.environ)))
                if number:  # the first one warms caches
                    costs[row].append(cost)
    print(f"{'seconds, median (min to max)':30} {'processor':>24} {'wall':>24}")
    for row, seen in costs.items():
        cpu, wall = spread([c.cpu for c in seen]), spread([c.wall for c in seen])
        print(f"{row:30} {cpu:>24} {wall:>24}")


def spread(values: list[float]) -> str:
    """Return the median with the least and the most."""
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


if __name__ == "__main__":
    main()
