"""The watch over a notebook's folder where no file system of its own limits it (steps B and C)."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from grader.execution.sandbox.holdings import on_disk
from grader.execution.sandbox.private_root import MAX_FILES

_OPENED = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_REACHED = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_KEPT = 100  # folders that are open at a time; from deeper ones the way back is by `..`
_TRIES = 5  # to enter a folder whose rights are taken away again meanwhile
_GONE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ESTALE}
_CLOSED = -1


class FullError(Exception):
    """There is more than may be, or a part that does not let itself be counted."""


def exceeds(folder: str, size: int, held: int = 0) -> bool:
    """Whether there is more below a folder than may be; looks no further than that.

    `held` bytes lie in files that have no name any more. What disappears meanwhile does not count;
    a folder that cannot be entered, whatever is done about it, counts as too much.
    """
    count = _Count(size - held)
    try:
        count.all_below(folder)
    except FullError:
        return True
    finally:
        count.close()
    return count.left < 0


@dataclass
class _Folder:
    """A folder on the way down: the rights that it had if it was given others, what is to come."""

    descriptor: int
    identity: tuple[int, int]
    mode: int | None
    folders: list[str]

    def open_up(self) -> None:
        """Give the owner's rights back, to this very folder and not to what a link leads to.

        This process may reach more than whoever put it there.
        """
        mode = stat.S_IMODE(os.fstat(self.descriptor).st_mode)
        os.chmod(f"/proc/self/fd/{self.descriptor}", mode | stat.S_IRWXU)  # noqa: PTH101
        self.mode = mode if self.mode is None else self.mode

    def leave(self) -> None:
        """Take the rights away again, as it was."""
        if self.mode is not None:
            with suppress(OSError):
                os.chmod(f"/proc/self/fd/{self.descriptor}", self.mode)  # noqa: PTH101
        self.close()

    def close(self) -> None:
        """Let go of it."""
        if self.descriptor != _CLOSED:
            os.close(self.descriptor)
            self.descriptor = _CLOSED


class _Count:
    """What has been met on the way through a folder, and how many bytes may still come."""

    def __init__(self, left: int) -> None:
        self.left = left
        self._files = 0
        self._linked: set[int] = set()  # files with several names count once
        self._way: list[_Folder] = []

    def close(self) -> None:
        """Let go of all that is open."""
        for folder in self._way:
            folder.close()

    def all_below(self, folder: str) -> None:
        """Count everything below a folder. Raises FullError."""
        self._enter(folder, None)
        while self._way:
            here = self._way[-1]
            if here.folders:
                self._enter(here.folders.pop(), here)
                continue
            self._way.pop()
            if self._way and self._way[-1].descriptor == _CLOSED:
                _find_back(here, self._way[-1])
            here.leave()

    def _enter(self, name: str, above: _Folder | None) -> None:
        """Count what lies directly in a folder, and go in, unless it is gone. Raises FullError."""
        here = None
        for _ in range(_TRIES):
            try:
                here = here or _reached(name, above)
                self._go_in(here, _entries(here.descriptor))
            except OSError as error:
                if error.errno not in _GONE:
                    _open_up(here or above)
                    continue
                if here:
                    here.close()
            return
        raise FullError

    def _go_in(self, here: _Folder, entries: list[tuple[str, os.stat_result]]) -> None:
        here.folders = [name for name, status in entries if stat.S_ISDIR(status.st_mode)]
        self._way.append(here)
        if len(self._way) > _KEPT:
            self._way[-_KEPT - 1].close()
        for _, status in entries:
            if status.st_ino not in self._linked:
                self.left -= on_disk(status)
            if status.st_nlink > 1 and not stat.S_ISDIR(status.st_mode):
                self._linked.add(status.st_ino)
        self._files += len(entries)
        if self.left < 0 or self._files > MAX_FILES:
            raise FullError


def _reached(name: str, above: _Folder | None) -> _Folder:
    descriptor = os.open(name, _REACHED, dir_fd=above.descriptor if above else None)
    return _Folder(descriptor, _identity(descriptor), None, [])


def _identity(descriptor: int) -> tuple[int, int]:
    status = os.fstat(descriptor)
    return status.st_dev, status.st_ino


def _entries(folder: int) -> list[tuple[str, os.stat_result]]:
    """Return what lies in a folder. Raises FullError if that is too much by number alone."""
    here = os.open(".", _OPENED, dir_fd=folder)
    try:
        with os.scandir(here) as entries:
            first = list(islice(entries, MAX_FILES + 1))
            if len(first) > MAX_FILES:
                raise FullError
            return list(_with_status(first))
    finally:
        os.close(here)


def _with_status(entries: list[os.DirEntry[str]]) -> Iterator[tuple[str, os.stat_result]]:
    for entry in entries:
        with suppress(FileNotFoundError):  # removed meanwhile
            yield entry.name, entry.stat(follow_symlinks=False)


def _open_up(folder: _Folder | None) -> None:
    if folder:
        with suppress(OSError):
            folder.open_up()


def _find_back(here: _Folder, above: _Folder) -> None:
    """Open the folder above again. Raises FullError if it is another by now: nobody moves those."""
    for _ in range(_TRIES):
        with suppress(OSError):
            above.descriptor = os.open("..", _REACHED, dir_fd=here.descriptor)
            if _identity(above.descriptor) == above.identity:
                return
            break
        _open_up(here)
    raise FullError
