"""Ctrl-C while nothing runs yet: it ends at once, says so, and leaves nothing behind."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from grader.execution.sandbox.memory import descendants
from tests.batch.classes import Small, command_of, end_group, small, wait_until_gone
from tests.batch.daskers import daskers

STOPPED = "grader: stopped. No notebook had been begun yet.\n"
SLEEPS = "import time\ntime.sleep(60)\n"
AT_ONCE = 1.0  # seconds


@pytest.fixture
def slow(tmp_path: Path) -> Small:
    """Return a class whose course takes a minute to be loaded."""
    course = small(tmp_path)
    reference = course.course / "reference" / "tiny.py"
    reference.write_text(SLEEPS + reference.read_text())
    course.write_class(2)
    return course


@pytest.fixture
def quick(tmp_path: Path) -> Small:
    """Return a class that is ready at once."""
    made = small(tmp_path)
    made.write_class(2)
    return made


def said_by(process: subprocess.Popen[str]) -> str:
    """Return what an ended command says on standard error, and see that it says how it ended."""
    assert process.stderr is not None
    assert process.returncode == 130
    return process.stderr.read()


def seconds_to_end(process: subprocess.Popen[str]) -> float:
    """Send what Ctrl-C at a terminal does, and see how long it takes."""
    started = time.monotonic()
    end_group(process, signal.SIGINT)
    process.wait(30)
    return time.monotonic() - started


@pytest.mark.parametrize(
    "options",
    [(), pytest.param(("--dask", "local"), marks=pytest.mark.dask)],
    ids=["pool", "dask"],
)
def test_preparing_is_ended_at_once(slow: Small, options: tuple[str, ...]) -> None:
    """The course's code and the workers with it."""
    with slow.grading(*options) as process:
        until = time.monotonic() + 30
        while not any("reference_process" in command_of(p) for p in descendants(process.pid)):
            assert time.monotonic() < until, "the course was never asked"
            time.sleep(0.05)
        below = descendants(process.pid)
        assert seconds_to_end(process) < AT_ONCE
        assert said_by(process) == STOPPED
    assert wait_until_gone(below) == []


def test_waiting_for_the_gradebook_is_ended_at_once(quick: Small) -> None:
    """Another program reads it and does not come to an end."""
    assert quick.grade() == 0
    with (
        closing(sqlite3.connect(quick.book, isolation_level=None)) as reader,
        quick.grading("--force") as process,
    ):
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM runs").fetchall()
        assert process.stderr is not None
        assert "waiting for" in process.stderr.readline()
        assert seconds_to_end(process) < AT_ONCE
        assert said_by(process) == STOPPED
    assert quick.grade() == 0


@pytest.mark.dask
def test_waiting_for_a_worker_is_ended_at_once(quick: Small, tmp_path: Path) -> None:
    """A scheduler is there, and nobody has joined it."""
    (tmp_path / "dask").mkdir()
    with daskers(tmp_path / "dask") as cluster, quick.grading("--dask", cluster.address) as process:
        assert process.stderr is not None
        assert "no worker has joined" in process.stderr.readline()
        time.sleep(3)  # until the answer key is there, and it is waited for nothing else
        assert seconds_to_end(process) < AT_ONCE
        assert said_by(process) == STOPPED
