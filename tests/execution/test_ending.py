"""Nothing outlives a notebook's run: what starts others faster than they are found."""

from __future__ import annotations

import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grader.execution.kernel import KernelRunner
from grader.execution.plan import Plan, plan
from grader.execution.runner import Request
from grader.spec import Assignment, Limits, Question
from grader.submission import Cell, Notebook

LIMITS = Limits(cell_seconds=10, call_seconds=5, notebook_seconds=60, processes=40)
QUESTION = Question("f", "function", "", 1.0, ("x",))
REQUEST = Request("f", "1", "function", "f")
MARK = "storm-of-processes"

# Each ends by itself after 20 s.
STORM = """
import os, signal, sys, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
end = float(sys.argv[2])
while time.monotonic() < end:
    try:
        os.fork()
    except OSError:
        pass
    time.sleep(0.00015)
"""
CHAIN = """
import os, signal, sys, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
end = float(sys.argv[2])
while time.monotonic() < end:
    try:
        if os.fork():
            os._exit(0)
    except OSError:
        time.sleep(0.00005)
"""
GOING_ON = """
import os, signal, sys, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
end = float(sys.argv[2])
while time.monotonic() < end:
    try:
        os.fork()
        os.kill(0, signal.SIGCONT)
    except OSError:
        pass
    time.sleep(0.00015)
"""


def storm(program: str) -> Plan:
    """Return a notebook that starts a program twice and ends its kernel."""
    cell = f"""
        import os, subprocess, sys, time
        def f():
            return 1
        end = str(time.monotonic() + 20)
        for _ in range(2):
            if os.fork() == 0:
                os.setsid()
                os.execv(sys.executable, [sys.executable, "-ISc", {program!r}, "{MARK}", end])
        time.sleep(1)
        os.kill(os.getpid(), 9)
        """
    notebook = Notebook((Cell(1, textwrap.dedent(cell)),))
    return plan(notebook, Assignment("a", "A", (QUESTION,), "all", LIMITS))


def running() -> list[str]:
    """Return what runs of a storm."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if MARK.encode() in (process / "cmdline").read_bytes().split(b"\0"):
                found.append(process.name)
        except OSError:
            continue
    return found


@pytest.mark.parametrize("program", [STORM, CHAIN, GOING_ON], ids=["storm", "chain", "going on"])
def test_no_process_outlives_the_run(program: str) -> None:
    """Though each starts others all the time, and the kernel ends before them."""
    with KernelRunner("B") as runner, ThreadPoolExecutor() as pool:
        run = pool.submit(runner.run, storm(program), [REQUEST], LIMITS, None)
        most = 0
        while not run.done():
            most = max(most, len(running()))
            time.sleep(0.05)
        assert not running()
        assert most >= 1
    assert run.result().failures
    time.sleep(0.2)
    assert not running()
