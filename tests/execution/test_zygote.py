"""The warm parent process: what it holds, what becomes of notebooks when it or the grader dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.execution.kernel import KernelRunner
from grader.execution.plan import Plan, plan
from grader.execution.runner import Request
from grader.execution.sandbox.memory import descendants
from grader.results import Run
from grader.spec import Assignment, Limits, Question
from grader.submission import Cell, Notebook
from tests.processes import zygotes

LIMITS = Limits(cell_seconds=10, call_seconds=5, notebook_seconds=60)
REQUEST = Request("f", "1", "function", "f")


def planned(*cells: str) -> Plan:
    """Return a plan for a notebook whose graded item is `f`."""
    notebook = Notebook(tuple(Cell(i, source) for i, source in enumerate(cells, start=1)))
    return plan(notebook, Assignment("a", "A", (Question("f", "function", "", 1.0, ("x",)),)))


@contextmanager
def runner_and_zygote() -> Iterator[tuple[KernelRunner, int]]:
    """Start a Runner, and yield it and its zygote's process id, once that is warm."""
    before = zygotes(os.getpid())
    with KernelRunner() as mine:
        assert mine.machine.steps
        (zygote,) = zygotes(os.getpid()) - before
        yield mine, zygote


def test_it_is_started_again_when_it_dies() -> None:
    """Between two notebooks: the second is run by another one."""
    with runner_and_zygote() as (mine, zygote):
        os.kill(zygote, signal.SIGKILL)
        os.waitid(os.P_PID, zygote, os.WEXITED | os.WNOWAIT)
        run = mine.run(planned("def f():\n    return 1"), [REQUEST], LIMITS, None)
        assert run.observations[0].value == 1


def test_a_kernel_goes_on_when_it_dies() -> None:
    """A notebook that is running needs it no more."""
    seen: list[Run] = []
    with runner_and_zygote() as (mine, zygote):
        cell = "import time\ndef f():\n    time.sleep(1)\n    return 1"
        thread = threading.Thread(
            target=lambda: seen.append(mine.run(planned(cell), [REQUEST], LIMITS, None))
        )
        thread.start()
        time.sleep(0.7)
        os.kill(zygote, signal.SIGKILL)
        thread.join()
    assert seen[0].observations[0].value == 1


GRADER = """
import sys, threading, time
from grader.execution.kernel import KernelRunner
from tests.execution.test_zygote import LIMITS, REQUEST, planned
runner = KernelRunner()
cell = "import subprocess\\nsubprocess.Popen(['sleep', '4243'])\\ndef f():\\n    while True: pass"
threading.Thread(
    target=lambda: runner.run(planned("exec('')", cell), [REQUEST], LIMITS, None), daemon=True
).start()
print(runner.step, flush=True)
time.sleep(60)
"""


def test_nothing_outlives_a_grader_that_is_killed() -> None:
    """Neither the zygote nor the kernels, nor what these have started."""
    with subprocess.Popen([sys.executable, "-c", GRADER], stdout=subprocess.PIPE) as grader:
        assert grader.stdout
        assert grader.stdout.readline().strip() in (b"A", b"B")
        time.sleep(2)
        started = descendants(grader.pid)
        assert len(started) >= 4  # zygote, supervisor, init, kernel, ...
        grader.kill()
    until = time.monotonic() + 10
    while (left := [p for p in started if Path(f"/proc/{p}/cmdline").exists()]) and (
        time.monotonic() < until
    ):
        time.sleep(0.1)
    assert not left


def test_it_holds_nothing_that_a_student_may_not_see(monkeypatch: pytest.MonkeyPatch) -> None:
    """No token in the environment, no path to the course, no module of the judge's."""
    monkeypatch.setenv("GITHUB_TOKEN", "a-token")
    monkeypatch.setenv("HOME", "/home/the-instructor")
    cell = """
        import os, sys
        def f():
            return {"environment": repr(dict(os.environ)), "path": sys.path,
                    "modules": [name for name in sys.modules if name.startswith("grader")]}
        """
    with KernelRunner() as mine:
        run = mine.run(planned(textwrap.dedent(cell)), [REQUEST], LIMITS, None)
    held = run.observations[0].value
    assert "a-token" not in held["environment"]
    assert "the-instructor" not in held["environment"]
    assert not any(path and Path(path, "assignments").exists() for path in held["path"])
    assert not [name for name in held["modules"] if "judging" in name or "batch" in name], (
        json.dumps(held["modules"])
    )
