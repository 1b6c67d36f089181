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
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from grader.errors import DisturbedError
from grader.execution.kernel import KernelRunner
from grader.execution.plan import Plan, plan
from grader.execution.runner import Request
from grader.results import Run
from grader.spec import Assignment, Execute, Limits, Question
from grader.submission import Cell, Notebook
from tests.conftest import WriteNotebook
from tests.processes import Kind, parent, processes

LIMITS = Limits(cell_seconds=2, call_seconds=2, notebook_seconds=60)
F = Request("f", "1", "function", "f")
QUESTIONS = tuple(Question(name, "function", "", 1.0, ("x",)) for name in "fg")
ASSIGNMENT = Assignment("a", "A", QUESTIONS, limits=LIMITS)
SLOW = "import time\ndef f():\n    time.sleep(1)\n    return 1"
SLOWLY = "import time\ndef f(x):\n    time.sleep(1)\n    return x"
COUNTS = "def f():\n    return sum(1 for _ in range({:_}))"
BUSY = "import os, time\nos.sched_setaffinity(0, {0})\nwhile time.process_time() < 6: pass"
DETACHED = """
if os.fork() == 0:
    if os.fork() == 0:
        os.sched_setaffinity(0, {0})
        while True: pass
    os._exit(0)
os.wait()
"""
YIELDS = """    if os.fork() == 0:
        os.sched_setaffinity(0, {0})
        while True: os.sched_yield()
"""


def planned(*cells: str, execute: Execute = "needed") -> Plan:
    """Return a plan for a notebook whose graded items are `f` and `g`."""
    notebook = Notebook(tuple(Cell(i, source) for i, source in enumerate(cells, start=1)))
    return plan(notebook, replace(ASSIGNMENT, execute=execute))


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


def kill_after(
    *seconds: float | None, whose: Callable[[int], int] = int
) -> Callable[[int], object]:
    """Return what ends one process after another, each so long after it was seen, or lets it be.

    Or another one in its place: `whose` returns which.
    """
    left = iter(seconds)

    def do(process: int) -> None:
        if (after := next(left)) is not None:
            kill(whose(process), after)

    return do


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


def test_a_wait_for_a_processor_counts_from_its_beginning(runner: KernelRunner) -> None:
    """Not only once it is over: each of these is longer than the time between two looks."""
    with ExitStack() as stack:

        def starve(process: int) -> None:
            """Let a process have only what another one leaves of a processor, for a while."""
            os.sched_setaffinity(process, {0})
            os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))
            with suppress(OSError):  # sched(7): sessions have their parts, too
                Path(f"/proc/{process}/autogroup").write_text("19")
            busy = stack.enter_context(subprocess.Popen([sys.executable, "-c", BUSY]))
            stack.callback(busy.kill)

        with each("call", starve, most=2) as met:
            run = runner.run(planned(COUNTS.format(8_000_000)), [F], LIMITS, None)
    assert value(run) == 8_000_000
    assert len(met) == 1


@pytest.mark.parametrize("detached", [False, True])
def test_what_keeps_the_machine_busy_gains_no_time(runner: KernelRunner, *, detached: bool) -> None:
    """Its processor time counts, also where a cell has detached it from the kernel."""
    start = DETACHED if detached else ""
    cell = f"import os, time\n{start}\ndef f():\n{YIELDS}    time.sleep(60)"
    started = time.monotonic()
    run = runner.run(planned(cell, execute="all"), [F], LIMITS, None)
    assert value(run) == "timed_out"
    assert time.monotonic() - started < 12


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
    calls = [
        Request("f", str(x), "function", "f", (x,), ("x",), 1, takes=1) for x in (0.0, 0.1, 1.0)
    ]
    with each("call", partial(kill, after=0.6)) as met:
        run = runner.run(planned(f"import time\n{cell}"), calls, LIMITS, None)
    assert [seen.value for seen in run.observations] == [[0.0], [0.0, 0.1], [0.0, 0.1, 1.0]]
    assert len(met) == 1


def asked(name: str, number: int) -> Request:
    """Return a call with a number, which `SLOWLY` returns."""
    return Request(name, str(number), "function", name, (number,), ("x",), 1, takes=1)


def test_each_call_is_lost_twice_before_it_counts(runner: KernelRunner) -> None:
    """Two that are lost once each cost nothing."""
    with each("call", kill_after(0.4, 2.5), most=2) as met:
        run = runner.run(planned(SLOWLY), [asked("f", each) for each in range(4)], LIMITS, None)
    assert [seen.value for seen in run.observations] == [0, 1, 2, 3]
    assert len(met) == 2


def test_each_question_takes_a_kernel_twice_before_it_is_blamed(runner: KernelRunner) -> None:
    """Kernels that are ended beside one question and beside another cost neither."""
    plans = planned(f"{SLOWLY}\ndef g(x):\n    return f(x)")
    # A kernel is its call's parent; without it, for a moment, the call looks like another kernel.
    with each("call", kill_after(0.4, None, 0.4, whose=parent), most=3) as met:
        run = runner.run(plans, [asked("f", 1), asked("g", 2)], LIMITS, None)
    assert [seen.value for seen in run.observations] == [1, 2]
    assert len(met) == 3


def test_a_notebook_that_ends_elsewhere_each_time_has_an_end(runner: KernelRunner) -> None:
    """It has its seconds twice, and not once more for each of its cells."""
    begin = "import os, time\nwhich = int(time.time() * 10) % 20\ntime.sleep(1)"
    cells = (f"if which == {i}: os._exit(1)\nx{i} = which" for i in range(20))
    plans = planned(begin, *cells, "def f():\n    return 1", execute="all")
    started = time.monotonic()
    runner.run(plans, [F], replace(LIMITS, notebook_seconds=3), None)
    assert time.monotonic() - started < 12


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
