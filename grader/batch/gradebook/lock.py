"""The writer's lock: it goes with the process that has it, however that ends."""

from __future__ import annotations

import fcntl
import os
import zlib
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from grader.errors import GraderError

_LOCK = 0x6772
_KEY = "SELECT current_schema()"


class FileLock:
    """For SQLite: a lock on a file beside the database."""

    connection: Connection | None = None  # it is bound to none

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> bool:
        """Take the lock; return False if another has it."""
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise GraderError(f"{self._path}: cannot be made: {error.strerror}") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        except OSError as error:
            os.close(file)
            raise GraderError(f"{self._path}: cannot be locked: {error.strerror}") from error
        self._file = file
        return True

    def release(self) -> None:
        """Give the lock up; nothing if it is not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class SessionLock:
    """For PostgreSQL: an advisory lock of a session, which is kept for it, and writes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.connection: Connection | None = None

    def take(self) -> bool:
        """Take the lock; return False if another has it."""
        connection = self._engine.connect()
        try:
            key = {"a": _LOCK, "b": _schema_number(connection)}
            taken = connection.execute(text("SELECT pg_try_advisory_lock(:a, :b)"), key).scalar()
            connection.commit()
        except BaseException:
            connection.close()
            raise
        if not taken:
            connection.close()
            return False
        self.connection = connection
        return True

    def release(self) -> None:
        """Give the lock up; nothing if it is not held."""
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.invalidate()  # ends the session, and with it the lock
            connection.close()


def _schema_number(connection: Connection) -> int:
    """Return a number for the schema: a database may hold several gradebooks."""
    name = connection.execute(text(_KEY)).scalar() or ""
    return zlib.crc32(name.encode()) - 2**31
