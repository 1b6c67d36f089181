"""What the machine does to a notebook that runs: it costs nobody points."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial

import pytest

from grader.errors import DisturbedError
from grader.execution.kernel import KernelRunner
from grader.execution.plan import Plan, plan
from grader.execution.runner import Request
from grader.results import Run
from grader.spec import Assignment, Limits, Question
from grader.submission import Cell, Notebook
from tests.conftest import WriteNotebook
from tests.processes import Kind, processes

LIMITS = Limits(cell_seconds=2, call_seconds=2, notebook_seconds=60)
F = Request("f", "1", "function", "f")
ASSIGNMENT = Assignment("a", "A", (Question("f", "function", "", 1.0, ("x",)),), limits=LIMITS)
SLOW = "import time\ndef f():\n    time.sleep(1)\n    return 1"
COUNTS = "def f():\n    return sum(1 for _ in range({:_}))"


def planned(*cells: str) -> Plan:
    """Return a plan for a notebook whose graded item is `f`."""
    notebook = Notebook(tuple(Cell(i, source) for i, source in enumerate(cells, start=1)))
    return plan(notebook, ASSIGNMENT)


@contextmanager
def each(kind: Kind, do: Callable[[int], object], most: int = 1) -> Iterator[list[int]]:
    """Do something to the first processes of a kind that are seen; return which."""
    met: list[int] = []
    over = threading.Event()

    def look() -> None:
        while not over.is_set() and len(met) < most:
            for process in processes(os.getpid()):
                if process.kind == kind and process.number not in met and len(met) < most:
                    met.append(process.number)
                    with suppress(ProcessLookupError):
                        do(process.number)
            time.sleep(0.01)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield met
    finally:
        over.set()
        thread.join()


def kill(process: int, after: float = 0.2) -> None:
    """End a process as the system does when memory is short, a moment after it was seen."""
    time.sleep(after)
    os.kill(process, signal.SIGKILL)


def pause(process: int) -> None:
    """Stop a process for longer than it may take, and let it go on."""
    time.sleep(0.2)
    os.kill(process, signal.SIGSTOP)
    time.sleep(4)
    os.kill(process, signal.SIGCONT)


def value(run: Run) -> object:
    """Return what `f` returned, or what became of it."""
    (seen,) = run.observations
    return seen.value if seen.status == "returned" else seen.status


@pytest.mark.parametrize("kind", ["call", "kernel", "first process"])
@pytest.mark.parametrize("do", [kill, pause])
def test_a_call_is_made_once_more(
    runner: KernelRunner, kind: Kind, do: Callable[[int], object]
) -> None:
    """Where what answers it was ended from outside, or stood still."""
    if kind == "first process" and runner.step != "A":
        pytest.skip("there is none at this step")
    with each(kind, do) as met:
        assert value(runner.run(planned(SLOW), [F], LIMITS, None)) == 1
    assert len(met) == 1


@pytest.mark.parametrize("kind", ["kernel", "first process"])
def test_a_cell_is_run_once_more(runner: KernelRunner, kind: Kind) -> None:
    """A kernel that is ended from outside costs no cell."""
    cells = "import time\ntime.sleep(1)\nx = 5", "def f():\n    return x"
    with each(kind, kill) as met:
        run = runner.run(planned(*cells), [F], LIMITS, None)
    assert (value(run), run.failures, len(met)) == (5, (), 1)


@pytest.mark.parametrize("kind", ["supervisor", "zygote"])
def test_a_process_of_the_graders_own_is_no_students_fault(kind: Kind) -> None:
    """What it cut short is no result; the next time it is one."""
    with KernelRunner() as runner:
        assert runner.step
        with each(kind, kill) as met, suppress(DisturbedError):
            assert value(runner.run(planned(SLOW), [F], LIMITS, None)) == 1
        assert len(met) == 1
        assert value(runner.run(planned(SLOW), [F], LIMITS, None)) == 1


def test_a_supervisor_that_is_ended_is_told(runner: KernelRunner) -> None:
    """It is not taken for a kernel that has ended."""
    with each("supervisor", kill), pytest.raises(DisturbedError, match="watched over"):
        runner.run(planned(SLOW), [F], LIMITS, None)


@pytest.mark.parametrize("kind", ["reader", "reading child"])
def test_a_plan_that_is_cut_short_says_nothing_of_the_notebook(
    runner: KernelRunner, write_notebook: WriteNotebook, kind: Kind
) -> None:
    """It is not "thousands of terms long"."""
    path = write_notebook(*(f"x{i} = [{', '.join(['1'] * 2000)}]" for i in range(120)))
    with (
        each(kind, partial(kill, after=0)) as met,
        pytest.raises(DisturbedError, match="the process that read the notebook was ended"),
    ):
        runner.plan(path, ASSIGNMENT)
    assert len(met) == 1
    assert runner.plan(path, ASSIGNMENT).cells is not None


def test_waiting_for_a_busy_machine_does_not_count(runner: KernelRunner) -> None:
    """A second of work has two: also where it gets a tenth of a processor."""
    started = time.process_time()
    sum(1 for _ in range(3_000_000))
    count = int(3_000_000 / (time.process_time() - started))
    with ExitStack() as stack:
        for _ in range(8 * (os.cpu_count() or 1)):
            command = [sys.executable, "-c", "while True: pass"]
            busy = stack.enter_context(subprocess.Popen(command))
            stack.callback(busy.kill)
        run = runner.run(planned(COUNTS.format(count)), [F], LIMITS, None)
    assert value(run) == count


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "time.sleep(60)",
        "os.kill(os.getpid(), 19)",
        "[os.fork() for _ in range(4)]\n    while True: pass",
    ],
)
def test_what_never_ends_is_stopped(
    runner: KernelRunner, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it works or not, alone or in company; once confirmed."""
    monkeypatch.setattr("grader.execution.clock.STOPPED", 3.0)
    started = time.monotonic()
    run = runner.run(planned(f"import os, time\ndef f():\n    {body}"), [F], LIMITS, None)
    assert value(run) == "timed_out"
    assert time.monotonic() - started < 20


def test_a_call_that_ends_its_process_is_the_functions(runner: KernelRunner) -> None:
    """It does so again."""
    run = runner.run(planned("import os\ndef f():\n    os.kill(os.getpid(), 9)"), [F], LIMITS, None)
    assert value(run) == "crashed"


def test_a_question_is_asked_again_from_its_beginning(runner: KernelRunner) -> None:
    """What earlier calls have left behind in the process is there again."""
    cell = "seen = []\ndef f(x):\n    seen.append(x)\n    time.sleep(x)\n    return seen"
    asked = [
        Request("f", str(x), "function", "f", (x,), ("x",), 1, takes=1) for x in (0.0, 0.1, 1.0)
    ]
    with each("call", partial(kill, after=0.6)) as met:
        run = runner.run(planned(f"import time\n{cell}"), asked, LIMITS, None)
    assert [seen.value for seen in run.observations] == [[0.0], [0.0, 0.1], [0.0, 0.1, 1.0]]
    assert len(met) == 1


def test_time_that_a_notebook_takes_is_its_own(runner: KernelRunner) -> None:
    """What was lost, and done again, is not counted twice."""
    with each("kernel", kill):
        run = runner.run(planned(SLOW), [F], LIMITS, None)
    assert 0.9 < run.spent < 1.8


def test_a_full_disk_is_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where less is left than notebooks are promised."""
    cell = "def f():\n    raise OSError(28, 'No space left on device')"
    with KernelRunner("B") as runner:
        run = runner.run(planned(cell), [F], LIMITS, None)
        assert run.observations[0].error is not None
        assert "MB of files" in run.observations[0].error.limit
        monkeypatch.setattr("shutil.disk_usage", lambda _: _Full)
        with pytest.raises(DisturbedError, match="the disk of the grader's machine has only 3 MB"):
            runner.run(planned(cell), [F], LIMITS, None)


class _Full:
    free = 3 * 2**20
