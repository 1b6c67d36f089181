"""What grading one submission may cost the grader itself: memory and processor time.

A student's code has limits of its own, in processes of its own, and what comes from there is
bounded where it comes in. These limits are for what nobody has thought of: a submission that makes
the grader itself slow or large is a named result, and the class goes on. They are meant to be far
from what any honest course needs.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from grader.errors import GraderError

MEMORY = 2 * 2**30  # bytes by which a worker may grow while it grades one submission
TIMES_SENT = 8  # bytes that it may grow for each byte that it is sent: an answer key may be large
SECONDS = 300.0  # of the worker's own processor time


class TooCostlyError(GraderError):
    """Grading a submission costs the grader more than it may: of its own memory, or of its time."""


@dataclass(frozen=True)
class Costs:
    """What a process has in memory, in bytes, and the processor time that it has used."""

    memory: int = 0
    seconds: float = 0.0


def of_process(number: int) -> Costs:
    """Return what a process costs now, without its children; nothing where that is not known."""
    try:
        status = Path(f"/proc/{number}/status").read_text()
        times = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # no such system, or no such process any more
        return Costs()
    sizes = dict(line.split(":", 1) for line in status.splitlines())
    kilobytes = sum(int(sizes[name].split()[0]) for name in ("VmRSS", "VmSwap") if name in sizes)
    ticks = int(times[11]) + int(times[12])  # proc_pid_stat(5): utime and stime
    return Costs(kilobytes * 1024, ticks / os.sysconf("SC_CLK_TCK"))


def check(before: Costs, now: Costs, sent: int = 0) -> None:
    """Raise TooCostlyError if what was done in between, with so many bytes, cost too much."""
    if now.memory - before.memory > MEMORY + TIMES_SENT * sent:
        raise TooCostlyError(_stopped(f"{MEMORY / 2**30:g} GB of its own memory"))
    if now.seconds - before.seconds > SECONDS:
        raise TooCostlyError(_stopped(f"{SECONDS:g} s of its own processor time"))


def _stopped(limit: str) -> str:
    return f"the grader stopped grading this notebook, which took more than {limit}"
