"""The local pool: real processes, ended as a machine ends them."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import wait
from pathlib import Path

import pytest

from grader.batch.pool import LocalPool, WorkerDiedError
from grader.errors import GraderError
from grader.execution.sandbox.memory import descendants
from tests.batch.deadly import Odd, die_once, unfit_once


@pytest.fixture
def doomed() -> Iterator[LocalPool]:
    """Return a pool of two workers to be killed."""
    pool = LocalPool(2)
    yield pool
    pool.shutdown()


def test_calls_are_answered_in_other_processes(pool: LocalPool) -> None:
    """Values and exceptions come back as they would from a call."""
    assert pool.submit(divmod, 7, 2).result() == (3, 1)
    assert pool.submit(os.getpid).result() != os.getpid()
    with pytest.raises(ZeroDivisionError):
        pool.submit(divmod, 7, 0).result()
    assert pool.submit(os.getpid).result() != os.getpid()


def test_a_worker_that_dies_costs_what_it_holds(doomed: LocalPool) -> None:
    """It is tried once more, then named; the others notice nothing, and the pool is whole again."""
    deadly = doomed.submit(os._exit, 3)
    others = [doomed.submit(divmod, number, 2) for number in range(20)]
    assert [other.result() for other in others] == [divmod(number, 2) for number in range(20)]
    with pytest.raises(WorkerDiedError, match="ended with 3"):
        deadly.result()
    wait([doomed.submit(time.sleep, 0.2) for _ in range(2)])
    assert len({doomed.submit(os.getpid).result() for _ in range(20)}) <= 2


def test_what_a_killed_worker_held_is_done_by_another(doomed: LocalPool, tmp_path: Path) -> None:
    """Once: the second try succeeds."""
    marker = tmp_path / "begun"
    held = doomed.submit(die_once, str(marker))
    assert held.result(60) == "done"


def test_a_worker_that_is_unfit_is_replaced(doomed: LocalPool, tmp_path: Path) -> None:
    """What it found out about the machine when it started may have been disturbed."""
    unfit = doomed.submit(unfit_once, str(tmp_path / "marker")).result(60)
    wait([doomed.submit(time.sleep, 0.2) for _ in range(2)])
    assert unfit not in {doomed.submit(os.getpid).result() for _ in range(20)}


def test_what_cannot_be_sent_is_an_error(pool: LocalPool) -> None:
    """Of the one call: neither a function that is not there nor an answer that is none hangs."""
    with pytest.raises(ValueError, match="no number"):
        pool.submit(str, Odd()).result(60)
    with pytest.raises(GraderError, match="pickle"):
        pool.submit(threading.Lock).result(60)
    assert pool.submit(divmod, 7, 2).result(60) == (3, 1)


def test_the_terminal_s_interrupt_reaches_no_worker(pool: LocalPool) -> None:
    """Workers are in process groups of their own: Ctrl-C goes to the group of the grader."""
    groups = {pool.submit(os.getpgrp).result() for _ in range(6)}
    assert os.getpgrp() not in groups


def test_nothing_outlives_a_killed_grader(tmp_path: Path) -> None:
    """No process and no temporary file, though it could not clean up."""
    code = (
        "import time, sys\n"
        "from grader.batch.pool import LocalPool\n"
        "from grader.batch.worker import describe\n"
        "pool = LocalPool(2)\n"
        "[pool.submit(describe).result() for _ in range(4)]\n"
        "busy = pool.submit(time.sleep, 60)\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as grader:
        assert grader.stdout
        assert grader.stdout.readline() == b"ready\n"
        below = descendants(grader.pid)
        assert len(below) >= 4  # two workers, each with the parent of its kernels
        grader.kill()
    until = time.monotonic() + 20
    while time.monotonic() < until and any(Path(f"/proc/{number}").exists() for number in below):
        time.sleep(0.1)
    assert not [number for number in below if Path(f"/proc/{number}").exists()]
    while time.monotonic() < until and any(tmp_path.iterdir()):
        time.sleep(0.1)
    assert list(tmp_path.iterdir()) == []
