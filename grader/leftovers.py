"""Temporary folders that are held by a process of ours, and those that nobody holds any more.

Whoever makes one holds a lock on it. A run that is killed lets go of the lock and leaves the
folder; the next one finds it by its name, sees that nobody holds it, and removes it. The system
keeps the lock: ids of processes are used again, and may be those of another container.
"""

from __future__ import annotations

import fcntl
import os
import re
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "grader-run-"
_OURS = re.compile(rf"{PREFIX}[a-z]+-[a-z0-9_]+")
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


@contextmanager
def temporary_folder(kind: str, where: Path | None = None) -> Iterator[Path]:
    """Make a folder below `where`, or the system's for such; remove it at the end."""
    folder, lock = make_folder(kind, where)
    try:
        yield folder
    finally:
        remove(folder, lock)
        os.close(lock)


def make_folder(kind: str, where: Path | None = None) -> tuple[Path, int]:
    """Make a folder, and the lock that holds it until it is closed."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{kind}-", dir=where))
        lock = hold(folder)
        if lock is not None:
            return folder, lock


def hold(folder: Path) -> int | None:
    """Return a lock on a new folder, or None if somebody has already taken it for a leftover."""
    try:
        lock = os.open(folder, _FOLDER)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        if os.fstat(lock).st_nlink and folder.exists():
            return lock
    except BlockingIOError:
        pass
    except OSError:
        return lock  # a file system without locks: there nobody can get the other kind, either
    os.close(lock)
    return None


def remove(folder: Path, lock: int) -> None:
    """Remove a folder, however deep, and whatever rights its owner has taken away.

    `lock` is the folder, opened: its name may by now be that of a link to another.
    """
    here = f"/proc/self/fd/{lock}"
    with suppress(OSError):
        inside = [f"./{name}" for name in os.listdir(lock)]
        for command in (["chmod", "-R", "u+rwX"], ["rm", "-rf"]):
            subprocess.run(  # noqa: S603 - fixed commands
                [*command, "--", *inside], cwd=here, stderr=subprocess.DEVNULL, check=False
            )
        folder.rmdir()


def sweep() -> None:
    """Remove the folders that runs of this user's have left, in the system's for such."""
    with suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if _OURS.fullmatch(entry.name):
                with suppress(OSError), taken(Path(entry.path)) as lock:
                    remove(Path(entry.path), lock)


@contextmanager
def taken(folder: Path) -> Iterator[int]:
    """Hold what nobody else does. Raises OSError if somebody does, or if it is not this user's."""
    lock = os.open(folder, _FOLDER)
    try:
        status = os.fstat(lock)
        if status.st_uid != os.geteuid() or not stat.S_ISDIR(status.st_mode):
            raise PermissionError
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield lock
    finally:
        os.close(lock)
