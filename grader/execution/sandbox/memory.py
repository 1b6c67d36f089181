"""The watch over the memory of all processes of a kernel together, where there is no cgroup for it.

The limits of a single process do not add up: twenty of them could each take what one may.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from grader.execution.sandbox.users import as_user

_COUNTED = ("RssAnon:", "RssShmem:", "VmPTE:")
_TABLES = ("VmPTE:",)
_PARTS = ("Pss_Anon:", "Pss_Shmem:")
MOST = 10_000  # processes that one walk meets: they could go on starting others for ever


def resident(process: int, counted: tuple[str, ...] = _COUNTED) -> int:
    """Return the memory of a process that lies in no file, in bytes; 0 if it is gone.

    Tables of pages count, too. A process whose first thread has ended shows it by another.
    """
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{process}/task"):  # noqa: PTH208
            with suppress(OSError):
                text = Path(f"/proc/{process}/task/{thread}/status").read_text(errors="replace")
                sizes = [line for line in text.splitlines() if line.startswith(counted)]
                if sizes:
                    return sum(int(line.split()[1]) for line in sizes) * 1024
    return 0


def system_kills() -> int:
    """Return how many processes the system has killed so far for want of memory (vmstat)."""
    for line in _read("/proc/vmstat").splitlines():
        name, _, number = line.partition(b" ")
        if name == b"oom_kill":
            return int(number)
    return 0


def descendants(process: int) -> list[int]:
    """Return the processes that a process has started, and those that they have started."""
    return list(walk(process))


def walk(process: int) -> Iterator[int]:
    """Yield the descendants of a process as they are found: some start others meanwhile."""
    to_come, met = [process], 0
    while to_come and met < MOST:
        for child in _children(to_come.pop()):
            yield child
            to_come.append(child)
            met += 1


def _children(process: int) -> Iterator[int]:
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{process}/task"):  # noqa: PTH208
            yield from map(int, _read(f"/proc/{process}/task/{thread}/children").split())


def _read(path: str) -> bytes:
    with suppress(OSError):
        return Path(path).read_bytes()
    return b""


def taken(process: int, shared: int, user: int | None, most: int) -> int:
    """Return what all descendants have taken, in bytes: exactly only where that may be too much.

    `shared` are pages of the warm parent's, which they hold without having taken them. They count
    once: a page that one of them has written to is its own, and none is left after an `exec`.
    `user` is the id that they run under, as for `Holdings`.
    """
    children = descendants(process)
    at_most = {child: resident(child) for child in children}
    if sum(at_most.values()) - shared <= most:
        return max(0, sum(at_most.values()) - shared)
    with as_user(user):
        return max(0, sum(_part_of(child, at_most[child], shared) for child in children) - shared)


def _part_of(process: int, held: int, shared: int) -> int:
    """Return a process's part of the memory that lies in no file; pages are divided by holders."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text(errors="replace")
    except PermissionError:
        return max(0, held - shared)  # who hides from this process is ended
    except OSError:
        return held  # its first thread has ended
    parts = [line for line in text.splitlines() if line.startswith(_PARTS)]
    if not parts:  # Linux before 5.4
        return max(0, held - shared)
    return sum(int(line.split()[1]) for line in parts) * 1024 + resident(process, _TABLES)
