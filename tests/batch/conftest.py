"""Workers that tests share, and where gradebooks are kept: a SQLite file, a PostgreSQL of ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from pwd import getpwnam
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import create_engine, text

from grader.batch.cluster import Cluster
from grader.batch.grade import Task
from grader.batch.gradebook import Gradebook
from grader.batch.gradebook.database import parsed_url
from grader.batch.pool import LocalPool
from grader.commands import grade as command
from grader.execution.kernel import KernelRunner
from grader.judging.expected import answer_key
from grader.judging.helpers import Helpers
from tests.batch.relays import write_course
from tests.batch.things import grade, small  # noqa: F401 - fixtures

RunStatements = Callable[[str, Sequence[str]], None]
POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)


def _program(name: str) -> str:
    """Return PostgreSQL's program; Debian keeps the newest of them off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    program = shutil.which(name) or (str(found[-1]) if found else None)
    assert program, "these tests need PostgreSQL (on Debian: apt-get install postgresql)"
    return program


def _unprivileged() -> str | None:
    """Return the user to run the server as: it refuses to be root's."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return getpwnam(name).pw_name
        except KeyError:
            continue
    raise AssertionError("PostgreSQL refuses root, and there is no other user to run it as")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Run a PostgreSQL on a socket in a folder of its own; return the folder."""
    user = _unprivileged()
    with tempfile.TemporaryDirectory(prefix="gradebook-") as name:
        folder = Path(name)
        if user is not None:
            shutil.chown(folder, user)
        data, log = str(folder / "data"), str(folder / "log")

        def run(*command: str) -> None:
            subprocess.run(command, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)

        encoding = ["-E", "UTF8", "--locale=C.UTF-8"]
        run(_program("initdb"), "-D", data, "-U", "grader", "-A", "trust", *encoding)
        control = (_program("pg_ctl"), "-D", data, "-w")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=on"
        run(*control, "-l", log, "-o", options, "start")
        try:
            yield str(folder)
        finally:
            run(*control, "-m", "immediate", "stop")


@pytest.fixture(params=["sqlite", POSTGRESQL])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where a gradebook can be made: a file, then an empty schema of PostgreSQL."""
    name = {"sqlite": "where_sqlite", "postgresql": "where_postgresql"}[request.param]
    return str(request.getfixturevalue(name))


@pytest.fixture
def where_sqlite(tmp_path: Path) -> str:
    """Return the path of a file that is not there yet."""
    return str(tmp_path / "gradebook.sqlite")


@pytest.fixture
def where_postgresql(postgresql: str) -> str:
    """Return the URL of an empty schema."""
    schema = f"g{uuid.uuid4().hex}"
    with psycopg.connect(host=postgresql, user="grader", dbname="postgres") as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
    options = quote(f"-csearch_path={schema}")
    return f"postgresql://grader@/postgres?host={quote(postgresql)}&options={options}"


@pytest.fixture
def run_statements() -> RunStatements:
    """Return a function that runs statements in a database, as another program would."""

    def run(where: str, statements: Sequence[str]) -> None:
        engine = create_engine(parsed_url(where))
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    return run


@pytest.fixture
def book(where: str) -> Iterator[Gradebook]:
    """Return an empty gradebook."""
    with Gradebook.open(where) as book:
        yield book


@pytest.fixture(scope="session")
def pool() -> Iterator[LocalPool]:
    """Return two workers, for all tests that do not kill them."""
    pool = LocalPool(2)
    yield pool
    pool.shutdown()


@pytest.fixture
def shared_workers(pool: LocalPool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `grader grade` in this process use workers that are warm already."""

    @contextmanager
    def workers(*_: object) -> Iterator[Cluster]:
        yield Cluster(pool, lambda: 2)

    monkeypatch.setattr(command, "_workers", workers)


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory, runner: KernelRunner) -> Iterator[Task]:
    """Return what is needed to grade the small course."""
    course = write_course(tmp_path_factory.mktemp("relay"))
    helpers = Helpers(lambda: course, "relay")
    yield Task(answer_key(course, "relay", b"a secret"), runner, helpers=helpers)
    helpers.close()
