"""What may happen to a gradebook's file while it is used: who holds it, and whether it is there."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from grader.errors import GraderError

POLL_SECONDS = 0.2  # that SQLite waits at a time: no signal is handled meanwhile
NOTICE_SECONDS = 5.0  # before anything is said of waiting
WAIT_SECONDS = 600.0

Say = Callable[[str], None]


@dataclass
class BookFile:
    """The file of a gradebook, as it was when it was opened; `say` is told of a long wait."""

    path: Path
    say: Say
    _identity: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        """Take note of which file it is."""
        self._identity = _identity(self.path)

    @property
    def is_there(self) -> bool:
        """Whether the file that was opened is where it was."""
        return _identity(self.path) == self._identity

    def check(self) -> None:
        """Raise GraderError if another file is there, or none: what is written would be lost."""
        if not self.is_there:
            gone = "was replaced" if self.path.exists() else "was moved or deleted"
            raise GraderError(f"{self.path}: the gradebook {gone} while it was in use")

    def begun(self, begin: Callable[[], object]) -> None:
        """Begin what needs the file for itself, and wait for others that read it.

        Raises what `begin` raises, GraderError with who holds the file after WAIT_SECONDS.
        """
        started, is_told = time.monotonic(), False
        while True:
            try:
                begin()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF not in (
                    sqlite3.SQLITE_BUSY,
                    sqlite3.SQLITE_LOCKED,
                ):
                    raise
            else:
                return
            waited = time.monotonic() - started
            if waited < NOTICE_SECONDS:
                continue
            who = ", ".join(holders(self.path)) or "another program"
            if waited > WAIT_SECONDS:
                raise GraderError(f"{self.path}: the gradebook is in use by {who}; end it")
            if not is_told:
                self.say(f"{self.path}: waiting for {who}, which reads the gradebook")
                is_told = True

    def reason(self, said: str) -> str:
        """Return why the file cannot be used, in words of the thing itself if they are known."""
        folder = self.path.parent
        readonly = "readonly" in said or "unable to open" in said
        known = (
            (not self.path.exists(), "the file was moved or deleted"),
            (not _may(self.path, os.R_OK), "the file cannot be read by this user"),
            (readonly and not _may(self.path, os.W_OK), "the file cannot be written to"),
            (readonly and not _may(folder, os.W_OK), f"{folder} cannot be written to"),
            ("locked" in said, f"in use by {', '.join(holders(self.path)) or 'another program'}"),
            ("is full" in said, "the disk is full"),
        )
        return next((words for is_so, words in known if is_so), said)


def _may(path: Path, mode: int) -> bool:
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def holders(path: Path) -> list[str]:
    """Return who holds a lock on a file, as far as the system tells (proc_locks(5))."""
    with suppress(OSError):
        _, number = _identity(path)
        text = Path("/proc/locks").read_text()
        found = {pid for pid, inode in _locks(text) if inode == number and pid != os.getpid()}
        return [f"{_name(pid)} (process {pid})" for pid in sorted(found) if pid > 0]
    return []


def _locks(text: str) -> Iterator[tuple[int, int]]:
    """Yield the process and the inode of each lock."""
    for line in text.splitlines():
        parts = line.split()
        with suppress(ValueError, IndexError):
            at = next(i for i, part in enumerate(parts) if part.count(":") == 2)
            yield int(parts[at - 1]), int(parts[at].rpartition(":")[2])


def _name(process: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{process}/comm").read_text().strip()
    return "a program"


def _identity(path: Path) -> tuple[int, int]:
    with suppress(OSError):
        status = path.stat()
        return status.st_dev, status.st_ino
    return 0, 0
