"""What a kernel costs.

    python -m tests.benchmarks.kernels [--rounds N] [--growth N]

The same notebook of twelve code cells, in one interleaved run: on a stock kernel driven by
nbclient, on ours at each step of the sandbox, and the floor: the same cells by `exec` in a fork of
the warm parent, without a kernel. Processor seconds are those of all processes together, the
grader's own included; where the machine is busy they are the firm figure.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import zmq.asyncio
from nbclient import NotebookClient

from grader.execution.clock import Budget
from grader.execution.forked import Kernels
from grader.execution.kernel import KernelRunner
from grader.execution.plan import plan
from grader.execution.runner import Request
from grader.execution.sandbox.confine import STEPS, Step
from grader.execution.sandbox.memory import descendants
from grader.spec import Assignment, Limits, Question
from grader.submission import Cell, Notebook
from tests.execution.test_semantics import StockManager
from tests.notebooks import INITIALIZE, OPTIMIZE, PREDICT, PROPAGATE, SIGMOID
from tests.processes import zygotes

_nbformat: Any = nbformat.v4

CELLS = [
    "import copy\nimport numpy as np",
    "np.random.seed(1)",
    SIGMOID,
    "print('sigmoid([0, 2]) =', sigmoid(np.array([0, 2])))",
    INITIALIZE,
    "w, b = initialize_with_zeros(2)\nprint('w =', w)\nprint('b =', b)",
    PROPAGATE,
    (
        "X = np.array([[1., -2., -1.], [3., 0.5, -3.2]])\nY = np.array([[1, 1, 0]])\n"
        "grads, cost = propagate(np.array([[1.], [2.]]), 1.5, X, Y)\nprint(grads)\ncost"
    ),
    OPTIMIZE,
    "params, grads, costs = optimize(w, b, X, Y, 100, 0.009)\nprint(params, costs)",
    PREDICT,
    (
        "rng = np.random.default_rng(0)\nXb = rng.normal(size=(64, 200))\n"
        "Yb = (Xb[:1] + Xb[1:2] > 0).astype(float)\nw0, b0 = initialize_with_zeros(64)\n"
        "params, grads, costs = optimize(w0, b0, Xb, Yb, 500, 0.05, True)\n"
        "print(predict(params['w'], params['b'], Xb)[0, :10])"
    ),
]


@dataclass(frozen=True)
class Cost:
    """What one run took, in seconds."""

    wall: float
    cpu: float


def notebook() -> Any:
    """Return the notebook, not yet run."""
    return _nbformat.new_notebook(cells=[_nbformat.new_code_cell(source) for source in CELLS])


def _own_cpu(*, children: bool) -> float:
    usages = [resource.getrusage(resource.RUSAGE_SELF)]
    usages += [resource.getrusage(resource.RUSAGE_CHILDREN)] if children else []
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _cpu_of(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# ---------------------------------------------------------------- the rows


def run_stock() -> Cost:
    """Run the notebook as nbclient does out of the box, on a new kernel."""
    with tempfile.TemporaryDirectory() as folder:
        started, cpu = time.perf_counter(), _own_cpu(children=True)
        resources = {"metadata": {"path": folder}}
        context = zmq.asyncio.Context()
        manager = StockManager(context=context)
        client = NotebookClient(notebook(), km=manager, timeout=60, resources=resources)
        client.owns_km = True
        asyncio.run(client.async_execute())
        context.destroy(linger=0)
        return Cost(time.perf_counter() - started, _own_cpu(children=True) - cpu)


class Ours:
    """Our kernels at one step of the sandbox."""

    def __init__(self, step: Step) -> None:
        before = zygotes(os.getpid())
        self.runner = KernelRunner(step)
        assert self.runner.machine.steps
        (self.zygote,) = zygotes(os.getpid()) - before
        self.kernels = Kernels(self.runner._zygote, step, Limits(), None)

    def run(self) -> Cost:
        """Run the notebook with nbclient on a kernel of its own."""
        started, cpu = time.perf_counter(), _own_cpu(children=False) + _cpu_of(self.zygote)
        kernels = asyncio.run(self._run())
        own = _own_cpu(children=False) + _cpu_of(self.zygote) - cpu
        return Cost(time.perf_counter() - started, own + kernels)

    async def _run(self) -> float:
        async with self.kernels.fork(Budget(60)) as kernel:
            client = kernel._client
            client.nb = notebook()
            for index, cell in enumerate(client.nb.cells):
                await client.async_execute_cell(cell, index)
            assert not client.stopped
            leash = kernel._manager.leash
            assert leash
            ending = await leash.kill()
        return ending.cpu


class Floor:
    """The same cells by `exec`, each time in a fork of a process that has imported everything."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.kernels", "--floor"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.run()

    def run(self) -> Cost:
        """Have the cells run once."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("run\n")
        self.process.stdin.flush()
        return Cost(**json.loads(self.process.stdout.readline()))


def serve_floor() -> None:
    """Run the cells in a fork for every line of input; print what it took."""
    from grader.execution import warm  # noqa: PLC0415 - in this process only

    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        warm.prepare(Path(folder))
        warm.freeze()
        for _ in sys.stdin:
            started, own = time.perf_counter(), _own_cpu(children=False)
            child = os.fork()
            if child == 0:
                os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
                names: dict[str, Any] = {}
                for source in CELLS:
                    exec(source, names)  # noqa: S102 - the benchmark's own cells
                os._exit(0)
            _, _, usage = os.wait4(child, 0)
            cpu = usage.ru_utime + usage.ru_stime + _own_cpu(children=False) - own
            print(json.dumps({"wall": time.perf_counter() - started, "cpu": cpu}), flush=True)


# ---------------------------------------------------------------- calls, memory, growth


def call_cost(runner: KernelRunner, calls: int = 500) -> float:
    """Return the median of seconds that a call with small arrays takes, process to process."""
    times: list[float] = []
    rng = np.random.default_rng(0)
    small = (rng.normal(size=(5, 1)), 0.5, rng.normal(size=(5, 30)), rng.normal(size=(1, 30)))
    question = Question("propagate", "function", "", 1.0, ("grads", "cost"))
    request = Request("propagate", "1", "function", "propagate", small, ("w", "b", "X", "Y"), 4)
    cells = tuple(Cell(i, source) for i, source in enumerate(CELLS, start=1))
    planned = plan(Notebook(cells), Assignment("a", "A", (question,)))
    for count in (1, calls + 1):
        started = time.perf_counter()
        run = runner.run(planned, [request] * count, Limits(), None)
        times.append(time.perf_counter() - started)
        assert all(seen.status == "returned" for seen in run.observations)
    return (times[1] - times[0]) / calls


def unique_memory(ours: Ours) -> float:
    """Return the memory of a kernel that is nobody else's, in bytes, when all cells have run."""

    async def measure() -> float:
        async with ours.kernels.fork(Budget(60)) as kernel:
            client = kernel._client
            client.nb = notebook()
            for index, cell in enumerate(client.nb.cells):
                await client.async_execute_cell(cell, index)
            return float(sum(map(_private, descendants(ours.zygote))))

    return asyncio.run(measure())


def _private(process: int) -> int:
    with suppress(OSError):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))
    return 0


def resident(process: int) -> int:
    """Return the resident memory of a process in bytes."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def growth(ours: Ours, notebooks: int) -> list[tuple[int, int, int]]:
    """Run many notebooks; return the memory of the grader and of the zygote along the way."""
    seen = []
    for number in range(notebooks + 1):
        if number % max(1, notebooks // 10) == 0:
            gc.collect()
            seen.append((number, resident(os.getpid()), resident(ours.zygote)))
        ours.run()
    return seen


# ---------------------------------------------------------------- the table


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--growth", type=int, default=0, metavar="NOTEBOOKS")
    parser.add_argument("--floor", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.floor:
        serve_floor()
        return
    with ExitStack() as stack:
        ours = {step: Ours(step) for step in reversed(STEPS)}
        for each in ours.values():
            stack.callback(each.runner.close)
        floor = Floor()
        stack.callback(floor.process.kill)
        names = {"A": "ours, step A", "B": "ours, step B", "C": "ours, no sandbox (limits only)"}
        rows: dict[str, Callable[[], Cost]] = {"stock nbclient": run_stock}
        rows |= {names[step]: each.run for step, each in ours.items()}
        rows["floor: exec in a fork"] = floor.run
        _print_costs({name: [] for name in rows}, rows, options.rounds)
        print(f"\none call, small arrays: {1000 * call_cost(ours['A'].runner):.2f} ms")
        for step, each in ours.items():
            memory = unique_memory(each) / 2**20
            print(f"unique memory of a kernel, step {step}: {memory:.0f} MB")
        if options.growth:
            print("\nnotebooks run, memory of the grader and of the zygote (MB), step A")
            for number, grader, zygote in growth(ours["A"], options.growth):
                print(f"{number:6} {grader / 2**20:8.1f} {zygote / 2**20:8.1f}")


def _print_costs(
    costs: dict[str, list[Cost]], rows: dict[str, Callable[[], Cost]], rounds: int
) -> None:
    for number in range(rounds + 1):
        for name, run in rows.items():
            cost = run()
            if number:  # the first one warms caches
                costs[name].append(cost)
    print(f"{'seconds, median (min to max)':32} {'processor':>22} {'wall':>22} {'of stock':>9}")
    stock = statistics.median(cost.cpu for cost in costs["stock nbclient"])
    for name, seen in costs.items():
        cpu, wall = [c.cpu for c in seen], [c.wall for c in seen]
        share = stock / statistics.median(cpu)
        print(f"{name:32} {_spread(cpu):>22} {_spread(wall):>22} {'1/':>4}{share:.1f}")


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.3f} ({min(values):.3f} to {max(values):.3f})"


if __name__ == "__main__":
    main()
