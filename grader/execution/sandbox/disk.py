"""The watch over a notebook's folder where no file system of its own limits it (steps B and C)."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress

from grader.execution.sandbox.memory import descendants
from grader.execution.sandbox.private_root import MAX_FILES

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def exceeds(folder: str, size: int) -> bool:
    """Whether there is more below a folder than may be; looks no further than that.

    Files that are open but have no name any more count, too: those of this process's descendants.
    """
    total, files = _without_names(), 0
    for length in _lengths(folder):
        total, files = total + length, files + 1
        if total > size or files > MAX_FILES:
            return True
    return False


def _lengths(folder: str) -> Iterator[int]:
    """Yield the size of everything below a folder, in bytes.

    Folders are gone into and out of one by one: they may be deeper than a path may be long.
    """
    here = os.open(folder, _FOLDER)
    levels: list[list[str]] = []
    try:
        while True:
            folders: list[str] = []
            yield from _listed(here, folders)
            levels.append(folders)
            while levels and not levels[-1]:
                levels.pop()
                if not levels:
                    return
                here = _go(here, "..")
            here = _go(here, levels[-1].pop())
    except OSError:  # it is changing under our feet: the next look will tell
        return
    finally:
        os.close(here)


def _listed(here: int, folders: list[str]) -> Iterator[int]:
    with os.scandir(here) as entries:
        for entry in entries:
            with suppress(OSError):
                yield _on_disk(entry.stat(follow_symlinks=False))
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)


def _on_disk(status: os.stat_result) -> int:
    """Return what a file takes: less than its size if it has holes, never more.

    File systems set blocks aside for files that grow.
    """
    return min(status.st_blocks * 512, max(status.st_size, 4096))


def _go(here: int, name: str) -> int:
    """Return the folder of that name, opened, in the place of the one it lies in.

    If need be, with the rights that its owner has taken away.
    """
    try:
        there = os.open(name, _FOLDER, dir_fd=here)
    except PermissionError:
        os.chmod(name, 0o700, dir_fd=here)
        there = os.open(name, _FOLDER, dir_fd=here)
    os.close(here)
    return there


def _without_names() -> int:
    """Return the size of the files that descendants have open and that have no name, in bytes."""
    sizes: dict[tuple[int, int], int] = {}
    for process in descendants(os.getpid()):
        with suppress(OSError):
            for number in os.listdir(f"/proc/{process}/fd"):  # noqa: PTH208
                with suppress(OSError):
                    status = os.stat(f"/proc/{process}/fd/{number}")  # noqa: PTH116
                    if stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
                        sizes[status.st_dev, status.st_ino] = _on_disk(status)
    return sum(sizes.values())
