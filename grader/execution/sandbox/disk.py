"""The watch over a notebook's folder where no file system of its own limits it (steps B and C)."""

from __future__ import annotations

import os
import stat
from contextlib import suppress

from grader.execution.sandbox.memory import descendants
from grader.execution.sandbox.private_root import MAX_FILES

_TOO_LONG = 3500  # characters of a path; beyond 4096 a folder could not be looked into


def exceeds(folder: str, size: int) -> bool:
    """Whether there is more below a folder than may be; looks no further than that.

    Files that are open but have no name any more count, too: those of this process's descendants.
    """
    total, files = _without_names(), 0
    waiting = [folder]
    while waiting and total <= size and files <= MAX_FILES:
        path = waiting.pop()
        if len(path) > _TOO_LONG:
            return True
        with suppress(OSError), os.scandir(_opened(path)) as entries:
            for entry in entries:
                files += 1
                with suppress(OSError):
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                if total > size or files > MAX_FILES:
                    break
    return total > size or files > MAX_FILES


def _opened(path: str) -> str:
    """Return the path of a folder that can be looked into, if need be by making it so."""
    if not os.access(path, os.R_OK | os.X_OK):
        os.chmod(path, 0o700)  # noqa: PTH101
    return path


def _without_names() -> int:
    """Return the size of the files that descendants have open and that have no name, in bytes."""
    sizes: dict[tuple[int, int], int] = {}
    for process in descendants(os.getpid()):
        with suppress(OSError):
            for number in os.listdir(f"/proc/{process}/fd"):  # noqa: PTH208
                with suppress(OSError):
                    status = os.stat(f"/proc/{process}/fd/{number}")  # noqa: PTH116
                    if stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
                        sizes[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(sizes.values())
