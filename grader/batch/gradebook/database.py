"""The database below the gradebook: a SQLite file, or PostgreSQL by its URL.

Reading is never one long transaction: in SQLite a reader that stays keeps the writer from
committing. Whatever goes wrong in the database is one line.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select, text
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError
from sqlalchemy.pool import ConnectionPoolEntry

from grader.batch.gradebook import schema
from grader.batch.gradebook.file import POLL_SECONDS, BookFile, Say
from grader.batch.gradebook.lock import FileLock, SessionLock
from grader.errors import GraderError, RefusedError, UsageError

BUSY_SECONDS = 30
CONNECT_SECONDS = 10
# Any number serves, so long as nothing else in the database takes it.
_PREPARING = 0x67726164
_LOST = "the connection was lost, and with it the right to write"
_EXPECTED = "expected a file or a URL such as postgresql://user@host/database"


def nothing(_: str) -> None:
    """Say nothing of a long wait."""


class Database:
    """An open gradebook's database, at the version of this program."""

    def __init__(self, url: URL, *, create: bool, say: Say = nothing) -> None:
        self.where = url.database if _is_sqlite(url) else url.render_as_string(hide_password=True)
        self.file: BookFile | None = None
        if _is_sqlite(url):
            _make_file(Path(url.database or ""), create=create)
            self.file = BookFile(Path(url.database or ""), say)
        self.engine = _engine(url, self.file)
        self.lock: FileLock | SessionLock = (
            FileLock(Path(f"{url.database}.lock")) if _is_sqlite(url) else SessionLock(self.engine)
        )
        try:
            self._prepare(create=create)
        except BaseException:
            self.engine.dispose()
            raise

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection for one short transaction that only reads."""
        with self._explained(), self.engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection for one transaction; what it wrote is durable at its end.

        The holder of the session's lock writes through the session that has it: were that lost,
        and the lock with it, nothing more could be written.
        """
        with self._explained():
            if self.file:
                self.file.check()
            connection = self.lock.connection
            if connection is None:
                with self._transaction() as connection:
                    yield connection
                return
            if connection.invalidated:
                raise GraderError(f"{self.where}: {_LOST}")
            with connection.begin():
                yield connection

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            writer = connection.execution_options(writes=True)
            with writer.begin():
                yield writer

    def take_lock(self) -> None:
        """Become the one writer. Raises UsageError with who is."""
        with self._explained():
            taken = self.lock.take()
        if not taken:
            raise UsageError(f"{self.where}: the gradebook is being written to by {self._holder()}")

    def close(self) -> None:
        """Give up the lock and all connections."""
        with contextlib.suppress(DBAPIError):  # of a session that is lost already
            self.lock.release()
        self.engine.dispose()

    def _holder(self) -> str:
        runs = schema.runs.c  # of which an older gradebook may not have all
        told = select(runs.id, runs.assignment, runs.pid, runs.host, runs.started)
        query = told.where(runs.status == "running").order_by(runs.id.desc())
        with self.read() as connection:
            run = connection.execute(query).first()
        if run is None:  # it has the lock, and no run yet
            return "another `grader grade`; try again when it is done"
        return (
            f"another `grader grade` (run {run.id} of {run.assignment}: process {run.pid} on "
            f"{run.host}, since {run.started}); try again when it is done"
        )

    def _prepare(self, *, create: bool) -> None:
        """See that the tables are there, and of this program's version."""
        with self.read() as connection:
            version = schema.found_version(connection, str(self.where))
        if version is None and not create:
            raise UsageError(f"{self.where}: no gradebook yet; `grader grade` makes one")
        if version == schema.current_version():
            return
        if version is not None:
            self.take_lock()  # so that no grader of that version is writing
        try:
            with self.write() as connection:
                self._make_current(connection)
        finally:
            self.lock.release()

    def _make_current(self, connection: Connection) -> None:
        if self.engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PREPARING})
        version = schema.found_version(connection, str(self.where))  # another may have been faster
        if version is None:
            schema.create(connection)
        else:
            schema.migrate(connection, version)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            # What follows the first line is detail.
            reason = str(getattr(error, "orig", error)).strip().split("\n")[0]
            reason = self.file.reason(reason) if self.file else reason
            refused = isinstance(error, DataError | IntegrityError)
            kind = RefusedError if refused else GraderError
            raise kind(f"{self.where}: the gradebook cannot be used: {reason}") from error


def parsed_url(where: str | Path) -> URL:
    """Return the URL of a file or a URL as the user gives it. Raises UsageError.

    Links are followed: the lock lies beside the file itself, by whatever name it was called.
    """
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(Path(where).resolve()))
    try:
        url = make_url(where)
    except (ArgumentError, ValueError) as error:  # the latter for a port that is no number
        raise UsageError(f"not the URL of a database; {_EXPECTED}") from error
    if url.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite" and url.database not in {None, "", ":memory:"}:
        return URL.create("sqlite", database=str(Path(str(url.database)).resolve()))
    raise UsageError(f"{url.drivername}: a gradebook cannot be kept there; {_EXPECTED}")


def _is_sqlite(url: URL) -> bool:
    return url.drivername == "sqlite"


def _make_file(path: Path, *, create: bool) -> None:
    """Make the file if there is none: marks are nobody else's to read."""
    if not create and not path.exists():
        raise UsageError(f"{path}: no gradebook there yet; `grader grade` makes one")
    try:
        flags = os.O_RDONLY | (os.O_CREAT if create else 0)
        os.close(os.open(path, flags, 0o600))
    except OSError as error:
        raise UsageError(f"{path}: the gradebook cannot be opened: {error.strerror}") from error


def _engine(url: URL, file: BookFile | None) -> Engine:
    if file:
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _configure)
        event.listen(engine, "begin", partial(_begin, file))
        return engine
    options = {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_SECONDS}
    try:
        return create_engine(url, connect_args=options, pool_pre_ping=True)
    except ImportError as error:
        raise UsageError(
            "a gradebook in PostgreSQL needs psycopg, which is not installed here: "
            "pip install 'numpy-notebook-grader[postgresql]'"
        ) from error


def _configure(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    """Set up a connection: transactions begin where they are told to, and last."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    # More than FULL: without WAL, which network file systems forbid, a commit is the removal of a
    # file, and outlasts a power cut only once its folder is synchronised too.
    connection.execute("PRAGMA synchronous = EXTRA")


def _begin(file: BookFile, connection: Connection) -> None:
    """Begin a transaction; one that writes takes its lock at once, and waits for it if need be.

    A reader that became a writer halfway would be refused without a wait; and one that is let in
    while something is written could keep it from being committed.
    """
    options: dict[str, Any] = dict(connection.get_execution_options())
    driver: Any = connection.connection.driver_connection
    if not options.get("writes"):
        driver.execute("BEGIN")
        return
    driver.execute(f"PRAGMA busy_timeout = {1000 * POLL_SECONDS:.0f}")
    try:
        file.begun(lambda: driver.execute("BEGIN EXCLUSIVE"))
    finally:
        driver.execute(f"PRAGMA busy_timeout = {1000 * BUSY_SECONDS}")
