"""The watch over the memory of all processes of a kernel together, where there is no cgroup for it.

The limits of a single process do not add up: twenty of them could each take what one may.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_COUNTED = ("RssAnon:", "RssShmem:", "VmPTE:")
MOST = 10_000  # processes that one walk meets: they could go on starting others for ever


def resident(process: int) -> int:
    """Return the memory of a process that lies in no file, in bytes; 0 if it is gone.

    Tables of pages count, too. A process whose first thread has ended shows it by another.
    """
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{process}/task"):  # noqa: PTH208
            with suppress(OSError):
                text = Path(f"/proc/{process}/task/{thread}/status").read_text(errors="replace")
                sizes = [line for line in text.splitlines() if line.startswith(_COUNTED)]
                if sizes:
                    return sum(int(line.split()[1]) for line in sizes) * 1024
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


def taken(process: int, shared: int) -> int:
    """Return what all descendants have taken, in bytes.

    `shared` is what each of them holds without having taken it: pages of the warm parent's.
    """
    return sum(max(0, resident(child) - shared) for child in descendants(process))
