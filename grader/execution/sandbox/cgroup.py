"""A cgroup for one kernel, where one may be made: what all its processes take together.

It bounds memory and the number of processes. Limits of a single process (`resource.setrlimit`) do
not add up what several of them take. Both versions of cgroups are known; whether one can be made is
found out by making one.
"""

from __future__ import annotations

import os
import re
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from grader.leftovers import PREFIX, hold, taken

_MOUNT = Path("/sys/fs/cgroup")
_NAME = re.compile(rf"{PREFIX}\d+-[0-9a-f]{{8}}")


@dataclass(frozen=True)
class Cgroup:
    """The folders of one group: one in version 2, one for each controller in version 1.

    `locks` hold them: without, they are leftovers.
    """

    version: int
    folders: tuple[Path, ...]
    locks: tuple[int, ...]

    def add_this_process(self) -> None:
        """Move the calling process into the group; what it starts is in it, too."""
        for folder in self.folders:
            (folder / "cgroup.procs").write_text("0")  # the writer, by whatever id it goes

    @property
    def exceeded_memory(self) -> bool:
        """Whether a process was killed because the group took more than it may."""
        at_limit, killed = self._memory_events()
        return at_limit > 0 and killed > 0

    @property
    def was_short_of_memory(self) -> bool:
        """Whether a process was killed because the machine had no more memory to give."""
        at_limit, killed = self._memory_events()
        return at_limit == 0 and killed > 0

    def _memory_events(self) -> tuple[int, int]:
        """Return how often the group was at its limit, and how many processes were killed."""
        folder = self.folders[0]
        if self.version == 2:
            events = folder / "memory.events"
            return _count(events, "oom"), _count(events, "oom_kill")
        return _count(folder / "memory.failcnt"), _count(folder / "memory.oom_control", "oom_kill")

    def end(self) -> None:
        """Let the group start nothing more, and kill what is in it."""
        with suppress(OSError):
            (self.folders[-1] / "pids.max").write_text("0")
        if self.version == 2:
            with suppress(OSError):  # from Linux 5.14 on
                (self.folders[0] / "cgroup.kill").write_text("1")
        with suppress(OSError):
            _kill_all(self.folders[0])

    def remove(self, seconds: float = 2.0) -> None:
        """Remove the group once its last process is gone."""
        until = monotonic() + seconds
        for folder in self.folders:
            while monotonic() < until:
                try:
                    folder.rmdir()
                    break
                except FileNotFoundError:
                    break
                except OSError:
                    sleep(0.005)
        for lock in self.locks:
            os.close(lock)


def _count(file: Path, key: str = "") -> int:
    """Return a number from a file: that beside a key, or all that there is."""
    with suppress(OSError, ValueError):
        for line in file.read_text().splitlines():
            name, _, value = line.rpartition(" ")
            if name == key:
                return int(value)
    return 0


def make(memory: int, processes: int) -> Cgroup:
    """Make a group below the grader's own. Raises OSError where that is not possible.

    `memory` is in bytes, files in memory included; `processes` counts threads.
    """
    name = f"{PREFIX}{os.getpid()}-{os.urandom(4).hex()}"
    above = _own_folders()
    if len(above) == 1:
        settings = {"memory.max": memory, "memory.swap.max": 0, "pids.max": processes}
        folder = above[0] / name
        return Cgroup(2, (folder,), (_create(folder, settings),))
    memory_folder, pids_folder = (folder / name for folder in above)
    lock = _create(memory_folder, {"memory.limit_in_bytes": memory})
    try:
        other = _create(pids_folder, {"pids.max": processes})
    except OSError:
        os.close(lock)
        memory_folder.rmdir()
        raise
    return Cgroup(1, (memory_folder, pids_folder), (lock, other))


def _create(folder: Path, settings: dict[str, int]) -> int:
    """Make a folder with its settings; return the lock that holds it."""
    folder.mkdir()
    lock = hold(folder)
    if lock is None:
        raise FileNotFoundError(folder)
    try:
        for name, value in settings.items():
            if name == "memory.swap.max" and not (folder / name).exists():
                continue  # a kernel without swap accounting
            (folder / name).write_text(str(value))
    except OSError:
        os.close(lock)
        folder.rmdir()
        raise
    return lock


def sweep() -> None:
    """Remove the groups that runs of this user's have left, with what still runs in them."""
    with suppress(OSError):
        for above in _own_folders():
            for folder in above.iterdir():
                if _NAME.fullmatch(folder.name):
                    with suppress(OSError), taken(folder):
                        _end(folder)


def _end(folder: Path) -> None:
    until = monotonic() + 2
    while monotonic() < until:
        _kill_all(folder)
        try:
            folder.rmdir()
        except OSError:
            sleep(0.005)
        else:
            return


def _kill_all(folder: Path) -> None:
    for process in (folder / "cgroup.procs").read_text().split():
        with suppress(OSError):
            os.kill(int(process), signal.SIGKILL)


def _own_folders() -> tuple[Path, ...]:
    """Return the folder of the grader's own group: one in version 2, two in version 1."""
    own = _own_groups()
    if "memory" not in own:
        return (_MOUNT / own[""].lstrip("/"),)
    return tuple(_MOUNT / name / own[name].lstrip("/") for name in ("memory", "pids"))


def _own_groups() -> dict[str, str]:
    """Return the grader's own group for each controller of version 1, and for "" in version 2."""
    groups: dict[str, str] = {}
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        groups |= dict.fromkeys(controllers.split(","), path)
    if not {"memory", "pids"} <= groups.keys() and "" not in groups:
        raise OSError("no cgroup with a memory controller")
    return groups
