"""Counts of what all processes of a command use: by a cgroup, or by looking at them."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from grader.execution.sandbox import linux
from grader.execution.sandbox.memory import descendants

POLL_SECONDS = 0.01
CLOSE_SECONDS = 2.0
_MOUNT = Path("/sys/fs/cgroup")
_TICKS = os.sysconf("SC_CLK_TCK")


class Count(Protocol):
    """Counts the processor seconds of the processes of one command.

    `about` says how; `pause` is the time between two looks, None where none is needed.
    """

    about: str
    pause: float | None

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

    about: str = "by a cgroup for each command (exact)"
    pause: float | None = None

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

    about: str = (
        f"by looking at all processes every {1000 * POLL_SECONDS:.0f} ms, which misses what each "
        "one uses after the last look (no cgroup can be made here)"
    )
    pause: float | None = POLL_SECONDS

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
