"""What a command takes: processor time, wall time and memory of all its processes together.

To wait for a command's processes is not enough: a parent that ignores SIGCHLD, as our zygote does,
has its children reaped by the kernel, and their time is then added to nobody's (`getrusage` never
shows it). So every command runs in a cgroup of its own, which counts all that its processes ever
used, exactly. Where none can be made, the processes are looked at every POLL_SECONDS, and what each
of them used after the last look is missed; `Meter.about` says which of the two it is.

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
from typing import IO, Protocol

from grader.execution.sandbox import linux
from grader.execution.sandbox.memory import descendants

POLL_SECONDS = 0.01
MEMORY_SECONDS = 0.05
LEFT_SECONDS = 10.0  # for processes to end after their command has
CLOSE_SECONDS = 2.0
LIMIT_SECONDS = 1800.0
_MOUNT = Path("/sys/fs/cgroup")
_TICKS = os.sysconf("SC_CLK_TCK")


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


class Count(Protocol):
    """Counts the processor seconds of the processes of one command."""

    def enter(self) -> None:
        """Have the calling process counted, and what it starts. Called in the command's own."""

    def look(self) -> None:
        """See what there is to be seen while the command runs."""

    def processes(self) -> list[int]:
        """Return the processes that are there now."""

    def seconds(self) -> float:
        """Return the processor seconds so far."""

    def close(self) -> None:
        """Clean up."""


class CgroupCount:
    """Counts by a cgroup, of either version. Raises OSError where none can be made."""

    about = "by a cgroup for each command (exact)"
    pause = MEMORY_SECONDS

    def __init__(self) -> None:
        groups = {
            name: path
            for line in Path("/proc/self/cgroup").read_text().splitlines()
            for _, names, path in [line.split(":", 2)]
            for name in names.split(",")
        }
        self._version = 1 if "cpuacct" in groups else 2
        mount, own = (_MOUNT / "cpuacct", "cpuacct") if self._version == 1 else (_MOUNT, "")
        if own not in groups:
            raise OSError("no cgroup that counts processor time")
        self._folder = Path(
            tempfile.mkdtemp(prefix="grader-others-", dir=mount / groups[own].lstrip("/"))
        )

    def enter(self) -> None:
        """Move the calling process into the group."""
        (self._folder / "cgroup.procs").write_text("0")

    def look(self) -> None:
        """Do nothing: the kernel counts."""

    def processes(self) -> list[int]:
        """Return the processes of the group and of those below it."""
        found: list[int] = []
        for file in self._folder.rglob("cgroup.procs"):
            with suppress(OSError):
                found += map(int, file.read_text().split())
        return found

    def seconds(self) -> float:
        """Read the group's count, which those below it add to."""
        if self._version == 1:
            return int((self._folder / "cpuacct.usage").read_text()) / 1e9
        lines = (self._folder / "cpu.stat").read_text().splitlines()
        return int(dict(line.split() for line in lines)["usage_usec"]) / 1e6

    def close(self) -> None:
        """Remove the group, and empty ones that were made below it."""
        until = time.monotonic() + CLOSE_SECONDS  # those that were killed may take a moment
        while self._folder.exists() and time.monotonic() < until:
            for folder in [*sorted(self._folder.rglob("*/"), reverse=True), self._folder]:
                with suppress(OSError):
                    folder.rmdir()
            time.sleep(0 if not self._folder.exists() else POLL_SECONDS)


class PolledCount:
    """Counts by looking at this process's descendants again and again."""

    about = (
        f"by looking at all processes every {1000 * POLL_SECONDS:.0f} ms, which misses what each "
        "one uses after the last look (no cgroup can be made here)"
    )
    pause = POLL_SECONDS

    def __init__(self) -> None:
        linux.become_subreaper()  # what loses its parent is still among the descendants
        self._before = set(descendants(os.getpid()))
        self._seen: dict[tuple[int, str], float] = {}

    def enter(self) -> None:
        """Do nothing: the calling process is a descendant."""

    def look(self) -> None:
        """Note what each process has used; its start tells it from another of the same number."""
        for process in self.processes():
            with suppress(OSError):
                fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
                self._seen[process, fields[19]] = (int(fields[11]) + int(fields[12])) / _TICKS

    def processes(self) -> list[int]:
        """Return the descendants that were not there before, and reap those that have ended."""
        found = []
        for process in set(descendants(os.getpid())) - self._before:
            with suppress(OSError):
                state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
                if state[0] != "Z":
                    found.append(process)
        return found

    def seconds(self) -> float:
        """Return the sum over all processes that were ever seen."""
        return sum(self._seen.values())

    def close(self) -> None:
        """Reap the orphans that came to this process."""
        for process in set(descendants(os.getpid())) - self._before:
            with suppress(OSError):
                os.waitpid(process, os.WNOHANG)


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
                peak = _watch(process, count, self._kind.pause, memory=memory)
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


def _watch(process: subprocess.Popen[bytes], count: Count, pause: float, *, memory: bool) -> float:
    """Wait for the command's own end; return the largest sum of memory that was seen."""
    peak, next_memory, until = 0.0, 0.0, time.monotonic() + LIMIT_SECONDS
    ended = os.pidfd_open(process.pid)  # `Popen.wait` would look only every 50 ms
    looks = memory or pause < MEMORY_SECONDS
    try:
        while time.monotonic() < until:
            count.look()
            if memory and time.monotonic() >= next_memory:
                peak = max(peak, sum(map(_proportional, count.processes())))
                next_memory = time.monotonic() + MEMORY_SECONDS
            if select.select([ended], [], [], pause if looks else LIMIT_SECONDS)[0]:
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
