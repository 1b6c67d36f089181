"""The watch over the memory of all processes of a kernel together, where there is no cgroup for it.

The limits of a single process do not add up: twenty of them could each take what one may.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def resident(process: int) -> int:
    """Return the memory of a process that lies in no file, in bytes; 0 if it is gone."""
    total = 0
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith(("RssAnon:", "RssShmem:")):
                total += int(line.split()[1]) * 1024
    return total


def descendants(process: int) -> list[int]:
    """Return the processes that a process has started, and those that they have started."""
    found: list[int] = []
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{process}/task"):  # noqa: PTH208
            children = Path(f"/proc/{process}/task/{thread}/children").read_text().split()
            for child in map(int, children):
                found += [child, *descendants(child)]
    return found


def taken(process: int, shared: int) -> int:
    """Return what all descendants have taken, in bytes.

    `shared` is what each of them holds without having taken it: pages of the warm parent's.
    """
    return sum(max(0, resident(child) - shared) for child in descendants(process))
