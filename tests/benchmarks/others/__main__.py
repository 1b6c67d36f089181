"""What grading takes, beside nbgrader and otter-grader.

    python -m tests.benchmarks.others [--rounds N] [--submissions N]

All tools grade the same submissions of `logistic_regression`, its samples, and ask the same: the
same functions are called on the same cases, and compared with the same expected values, in the
other tools with `np.testing.assert_allclose`. (Ours asks more: a hidden case of every function
twice, and it explains what is wrong.) All are measured from outside, as commands with all their
processes (`meter.py`), in one interleaved run (`measuring.py`).

Before anything is measured, a round of its own warms caches, looks at memory, and holds the points
that each tool gives against the others'. Processor seconds are the firm figure; wall seconds, and
less so the others too, grow where the machine has other work.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tests.benchmarks.others import exercise, with_nbgrader, with_otter
from tests.benchmarks.others.cells import cells_alone
from tests.benchmarks.others.measuring import Round, Scores, check, play
from tests.benchmarks.others.meter import Cost, Meter
from tests.benchmarks.others.our_grader import Ours
from tests.benchmarks.others.tools import Tool
from tests.benchmarks.others.with_nbgrader import Nbgrader
from tests.benchmarks.others.with_otter import Otter

Rounds = Sequence[dict[str, Round]]
WIDTHS = "{:26} {:>22} {:>22} {:>9} {:>12} {:>11}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--submissions", type=int, default=16, help="the class's size (default 16)")
    options = parser.parse_args()
    if options.rounds < 1 or options.submissions < 4:
        parser.error("expected at least 1 round and 4 submissions, of which some are wrong")
    graded = exercise.load(options.submissions)
    with tempfile.TemporaryDirectory(prefix="grader-others-") as folder:
        tools = _tools(graded, Path(folder))
        modules = Path(folder) / "modules"
        modules.mkdir()
        exercise.write_files(graded, modules)
        meter = Meter()
        _introduce(graded, meter)
        first, scores = play(tools, graded, meter, memory=True)
        check(scores, graded.key.assignment.points)
        _print_scores(graded, scores)
        rounds, cells = [], []
        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr, flush=True)
            rounds.append(play(tools, graded, meter)[0])
            cells += [cells_alone(graded.notebooks[each], modules) for each in graded.samples]
    _print_costs(first, rounds, options.submissions)
    print(WIDTHS.format("the cells alone, no tool", *_spreads(cells), "", "", "").rstrip())
    load = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    print(f"\n{os.cpu_count()} processors; load over the last 1, 5 and 15 minutes: {load}")


def _tools(graded: exercise.Exercise, folder: Path) -> list[Tool]:
    return [
        Ours(graded, folder / "all", "all"),
        Ours(graded, folder / "needed", "needed"),
        Nbgrader(graded, folder / "nbgrader"),
        Otter(graded, folder / "otter"),
    ]


def _introduce(graded: exercise.Exercise, meter: Meter) -> None:
    cases = sum(len(each.cases) for each in graded.key.questions)
    print(f"{with_nbgrader.REQUIREMENT}, {with_otter.REQUIREMENT}")
    print(f"{exercise.NAME}: {len(graded.key.questions)} questions, {cases} cases")
    print(f"a class of {len(graded.notebooks)}, made of {len(graded.samples)} samples; left out:")
    for name, why in exercise.LEFT_OUT.items():
        print(f"  {name}: {why}")
    print(f"processor time is counted {meter.about}", flush=True)


def _print_scores(graded: exercise.Exercise, scores: Scores) -> None:
    print(f"\n{'points given':26}" + "".join(f"{s[:-2]:>8}" for s in graded.samples))
    for tool, points in scores.items():
        print(f"{tool:26}" + "".join(f"{points[s]:8.0f}" for s in graded.samples), flush=True)


def _print_costs(first: dict[str, Round], rounds: Rounds, size: int) -> None:
    print("\nfor one submission: seconds, median (min to max), and MB at the peak\n")
    print(WIDTHS.format("", "processor", "wall", "memory", "of nbgrader", "of otter"))
    alone = _by_tool(rounds, lambda each: list(each.ones.values()))
    memory = {tool: [c.memory for c in each.ones.values()] for tool, each in first.items()}
    _print_group("a command for each", alone, memory)
    peaks = {tool: [each.each.memory] for tool, each in first.items()}
    title = f"the class of {size} in one command, but for otter; divided by {size}"
    _print_group(title, _by_tool(rounds, lambda each: [each.each]), peaks)
    title = "each further one, without start-up, but for otter"
    _print_group(title, _by_tool(rounds, lambda each: [each.further]), peaks)
    print("start-up of a command")
    for tool, costs in _by_tool(rounds, _start_up).items():
        print(WIDTHS.format(f"  {tool}", *_spreads(costs), "", "", "").rstrip())


def _print_group(title: str, costs: dict[str, list[Cost]], memory: dict[str, list[float]]) -> None:
    print(title)
    for tool, seen in costs.items():
        peak = f"{statistics.median(memory[tool]) / 2**20:.0f}"
        others = [Nbgrader.name, Otter.name] if tool.startswith("ours") else []
        shares = [f"1/{_median(costs[other]) / _median(seen):.1f}" for other in others] or ["", ""]
        print(WIDTHS.format(f"  {tool}", *_spreads(seen), peak, *shares).rstrip())


def _by_tool(rounds: Rounds, costs: Callable[[Round], list[Cost]]) -> dict[str, list[Cost]]:
    """Collect costs over the rounds; tools without any are left out."""
    found = {tool: [c for each in rounds for c in costs(each[tool])] for tool in rounds[0]}
    return {tool: seen for tool, seen in found.items() if seen}


def _start_up(played: Round) -> list[Cost]:
    return [played.start_up] if played.start_up else []


def _median(costs: Iterable[Cost]) -> float:
    return statistics.median(cost.cpu for cost in costs)


def _spreads(costs: Sequence[Cost]) -> list[str]:
    columns = [[cost.cpu for cost in costs], [cost.wall for cost in costs]]
    return [f"{statistics.median(c):.2f} ({min(c):.2f} to {max(c):.2f})" for c in columns]


if __name__ == "__main__":
    main()
