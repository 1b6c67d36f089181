"""What a command takes: processor time, wall time and memory of all its processes together.

To wait for a command's processes is not enough: a parent that ignores SIGCHLD, as our zygote does,
has its children reaped by the kernel, and their time is then added to nobody's (`getrusage` never
shows it). So every command runs in a cgroup of its own, which counts all that its processes ever
used, exactly. Where none can be made, the processes are looked at every POLL_SECONDS, and what each
of them used after the last look is missed: some 15 % of ours where both were tried (most of our
processes are short), so polled numbers flatter us. `Meter.about` says which of the two it is.

Memory is looked at either way: the largest sum, over all processes at one time, of their
proportional shares (PSS), so that pages which forked processes share count once. Looking costs
time, so it is done in runs of its own.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.benchmarks.others.counts import POLL_SECONDS, CgroupCount, Count, PolledCount

MEMORY_SECONDS = 0.05
LEFT_SECONDS = 10.0  # for processes to end after their command has
LIMIT_SECONDS = 1800.0


@dataclass(frozen=True)
class Command:
    """A command, the folder it runs in, and its whole environment."""

    arguments: Sequence[str | Path]
    folder: Path
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Cost:
    """What one command took, in seconds and bytes; `memory` is 0 where it was not looked at."""

    cpu: float
    wall: float
    memory: float = 0.0


class CommandFailedError(Exception):
    """A command failed, hung, or left processes behind: its numbers would mean nothing."""

    def __init__(self, command: Command, why: str, said: bytes) -> None:
        line = " ".join(map(str, command.arguments))
        last = said.decode(errors="replace").strip().splitlines()[-15:]
        super().__init__("\n".join([f"{line} (in {command.folder}) {why}:", *last]))


class Meter:
    """Runs commands and says what they take."""

    def __init__(self, *, cgroups: bool = True) -> None:
        self._kind: type[CgroupCount | PolledCount] = PolledCount
        if cgroups:
            with suppress(OSError):
                CgroupCount().close()
                self._kind = CgroupCount

    @property
    def about(self) -> str:
        """How processor time is counted."""
        return self._kind.about

    def run(self, command: Command, *, memory: bool = False) -> Cost:
        """Run a command to its end, that of all its processes. Raises CommandFailedError."""
        count = self._kind()
        with closing(count), tempfile.TemporaryFile() as said:
            started = time.perf_counter()
            process = _start(command, count, said)
            try:
                peak = _watch(process, count, memory=memory)
                wall = time.perf_counter() - started
                left = _left(count)
                cpu = count.seconds()
            finally:
                for each in count.processes():
                    with suppress(OSError):
                        os.kill(each, signal.SIGKILL)
                process.wait()
            why = f"ended with code {process.returncode}" if process.returncode else ""
            if left:
                why = f"left processes behind ({len(left)})"
            if why:
                said.seek(0)
                raise CommandFailedError(command, why, said.read())
        return Cost(cpu, wall, peak)


def _start(command: Command, count: Count, said: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(argument) for argument in command.arguments],
        cwd=command.folder,
        env=dict(command.environment),
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=subprocess.STDOUT,
        preexec_fn=count.enter,  # noqa: PLW1509 - this process has one thread
    )


def _watch(process: subprocess.Popen[bytes], count: Count, *, memory: bool) -> float:
    """Wait for the command's own end; return the largest sum of memory that was seen."""
    peak, next_memory, until = 0.0, 0.0, time.monotonic() + LIMIT_SECONDS
    ended = os.pidfd_open(process.pid)  # `Popen.wait` would look only every 50 ms
    pause = count.pause or (MEMORY_SECONDS if memory else LIMIT_SECONDS)
    try:
        while time.monotonic() < until:
            count.look()
            if memory and time.monotonic() >= next_memory:
                peak = max(peak, sum(map(_proportional, count.processes())))
                next_memory = time.monotonic() + MEMORY_SECONDS
            if select.select([ended], [], [], pause)[0]:
                break
    finally:
        os.close(ended)
    return peak


def _left(count: Count) -> list[int]:
    """Wait for the last process; return those that do not end."""
    until = time.monotonic() + LEFT_SECONDS
    while (left := count.processes()) and time.monotonic() < until:
        count.look()
        time.sleep(POLL_SECONDS)
    return left


def _proportional(process: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
