"""A cgroup for one kernel, where one may be made: what all its processes take together.

It bounds memory and the number of processes. Limits of a single process (`resource.setrlimit`) do
not add up what several of them take. Both versions of cgroups are known; whether one can be made is
found out by making one.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

_MOUNT = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Cgroup:
    """The folders of one group: one in version 2, one for each controller in version 1."""

    version: int
    folders: tuple[Path, ...]

    def add_this_process(self) -> None:
        """Move the calling process into the group; what it starts is in it, too."""
        for folder in self.folders:
            (folder / "cgroup.procs").write_text("0")  # the writer, by whatever id it goes

    @property
    def exceeded_memory(self) -> bool:
        """Whether a process of the group was killed for want of memory."""
        with suppress(OSError, ValueError):
            name = "memory.events" if self.version == 2 else "memory.oom_control"
            for line in (self.folders[0] / name).read_text().splitlines():
                key, _, value = line.partition(" ")
                if key == "oom_kill":
                    return int(value) > 0
        return False

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


def make(name: str, memory: int, processes: int) -> Cgroup:
    """Make a group below the grader's own. Raises OSError where that is not possible.

    `memory` is in bytes, files in memory included; `processes` counts threads.
    """
    own = _own_groups()
    if "memory" not in own:
        settings = {"memory.max": memory, "memory.swap.max": 0, "pids.max": processes}
        group = Cgroup(2, (_MOUNT / own[""].lstrip("/") / name,))
        _create(group.folders[0], settings)
        return group
    memory_folder = _MOUNT / "memory" / own["memory"].lstrip("/") / name
    pids_folder = _MOUNT / "pids" / own["pids"].lstrip("/") / name
    _create(memory_folder, {"memory.limit_in_bytes": memory})
    try:
        _create(pids_folder, {"pids.max": processes})
    except OSError:
        memory_folder.rmdir()
        raise
    return Cgroup(1, (memory_folder, pids_folder))


def _create(folder: Path, settings: dict[str, int]) -> None:
    folder.mkdir()
    try:
        for name, value in settings.items():
            if name == "memory.swap.max" and not (folder / name).exists():
                continue  # a kernel without swap accounting
            (folder / name).write_text(str(value))
    except OSError:
        folder.rmdir()
        raise


def _own_groups() -> dict[str, str]:
    """Return the grader's own group for each controller of version 1, and for "" in version 2."""
    groups: dict[str, str] = {}
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        groups |= dict.fromkeys(controllers.split(","), path)
    if not {"memory", "pids"} <= groups.keys() and "" not in groups:
        raise OSError("no cgroup with a memory controller")
    return groups
