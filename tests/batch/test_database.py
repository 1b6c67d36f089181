"""Opening a gradebook: what is there already, and whatever can be wrong with it, in one line."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from grader.batch.gradebook import Gradebook, schema
from grader.errors import GraderError, UsageError
from tests.batch.conftest import RunStatements
from tests.batch.gradings import INFO, graded, run_of, scores_of

COURSE = Path(__file__).parents[2]


def one_line(error: pytest.ExceptionInfo[GraderError]) -> str:
    """Return the message, which has to be one line."""
    message = str(error.value)
    assert "\n" not in message
    return message


# ---------------------------------------------------------------- versions


def test_a_gradebook_is_opened_again(where: str) -> None:
    """With all that is in it."""
    with Gradebook.open(where) as book:
        run_of(book, graded("ann"))
    with Gradebook.open(where, create=False) as book:
        assert scores_of(book) == {"ann": 10.0}


def test_a_gradebook_is_not_made_by_reading(where: str) -> None:
    """Whoever reads where there is none is told so, and leaves nothing behind."""
    for _ in range(2):
        with pytest.raises(UsageError, match=r"no gradebook (there )?yet") as caught:
            Gradebook.open(where, create=False)
        one_line(caught)


def test_two_may_make_it_at_once(where: str) -> None:
    """Both get the same one."""
    program = (
        "import sys; from grader.batch.gradebook import Gradebook; Gradebook.open(sys.argv[1])"
    )
    command = [sys.executable, "-c", program, where]
    both = [subprocess.Popen(command, cwd=COURSE) for _ in range(2)]
    assert [each.wait() for each in both] == [0, 0]
    with Gradebook.open(where, create=False) as book:
        assert book.runs() == []


def test_a_newer_gradebook_is_refused(where: str) -> None:
    """It is not read on the off chance."""
    with Gradebook.open(where) as book, book.database.write() as connection:
        connection.execute(text("UPDATE meta SET value = '99' WHERE name = 'schema'"))
    with pytest.raises(GraderError, match=r"newer grader \(version 99 .* up to \d+\)") as caught:
        Gradebook.open(where)
    one_line(caught)


def test_an_older_gradebook_is_brought_up_to_date(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Step by step, each once, and what is in it stays."""
    steps: list[str] = []

    def remarks(connection: Connection) -> None:
        steps.append("remarks")
        connection.execute(text("ALTER TABLE runs ADD COLUMN remark TEXT DEFAULT 'none'"))

    def upper(connection: Connection) -> None:
        steps.append("upper")
        connection.execute(text("UPDATE runs SET remark = 'NONE'"))

    with Gradebook.open(where) as book:
        run_of(book, graded("ann"))
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, remarks))
    Gradebook.open(where).close()
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, upper))
    for _ in range(2):
        with Gradebook.open(where) as book:
            with book.database.read() as connection:
                remark = connection.execute(text("SELECT remark FROM runs ORDER BY id")).scalar()
            assert remark == "NONE"
            assert scores_of(book) == {"ann": 10.0}
            run_of(book, graded("ann"))
    assert steps == ["remarks", "upper"]


def test_a_migration_that_fails_changes_nothing(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gradebook stays what it was, for the grader that made it."""

    def breaks(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE runs ADD COLUMN remark TEXT"))
        connection.execute(text("UPDATE nothing SET x = 1"))

    with Gradebook.open(where) as book:
        run_of(book, graded("ann"))
    with monkeypatch.context() as patched:
        patched.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, breaks))
        with pytest.raises(GraderError, match="nothing") as caught:
            Gradebook.open(where)
        one_line(caught)
    with Gradebook.open(where) as book, book.database.read() as connection:
        assert scores_of(book) == {"ann": 10.0}
        assert "remark" not in connection.execute(text("SELECT * FROM runs")).keys()  # noqa: SIM118


def test_a_gradebook_in_use_is_not_migrated(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A grader of the older version may be writing to it."""
    with Gradebook.open(where) as book:
        book.begin(INFO, b"")
        monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, lambda _: None))
        with pytest.raises(UsageError, match="is being written to"):
            Gradebook.open(where)


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE TABLE orders (id INTEGER)"],
        ["CREATE TABLE meta (name TEXT, value TEXT)"],
        ["CREATE TABLE meta (version INTEGER)"],
        [
            "CREATE TABLE meta (name TEXT, value TEXT)",
            "INSERT INTO meta VALUES ('application', 'a shop'), ('schema', '1')",
        ],
    ],
)
def test_a_database_of_something_else_is_left_alone(
    where: str, statements: list[str], run_statements: RunStatements
) -> None:
    """Also one that has a table of the same name."""
    run_statements(where, statements)
    with pytest.raises(GraderError, match="a database, but no gradebook") as caught:
        Gradebook.open(where)
    one_line(caught)


# ---------------------------------------------------------------- SQLite


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """One line, and the file stays as it is."""
    path = tmp_path / "results.json"
    path.write_text('{"version": 1}' * 100)
    with pytest.raises(GraderError, match=r"results\.json.*not a database") as caught:
        Gradebook.open(path)
    one_line(caught)
    assert path.read_text() == '{"version": 1}' * 100


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """It is named; folders are not made on the way."""
    with pytest.raises(UsageError, match=r"nowhere.*No such file or directory") as caught:
        Gradebook.open(tmp_path / "nowhere" / "gradebook.sqlite")
    one_line(caught)
    with pytest.raises(GraderError):
        Gradebook.open(tmp_path)


def test_marks_are_nobody_elses_to_read(tmp_path: Path) -> None:
    """The file is its owner's."""
    Gradebook.open(tmp_path / "g.sqlite").close()
    assert stat.S_IMODE((tmp_path / "g.sqlite").stat().st_mode) == 0o600


def test_a_path_may_be_given_as_a_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`sqlite:///` and a path, or the path alone; relative to where the command runs."""
    monkeypatch.chdir(tmp_path)
    with Gradebook.open("sqlite:///g.sqlite") as book:
        run_of(book, graded("ann"))
    with Gradebook.open("g.sqlite", create=False) as book:
        assert scores_of(book) == {"ann": 10.0}


def test_commits_are_durable_without_a_log_beside(tmp_path: Path) -> None:
    """A rollback journal, synchronised with its folder; references between tables are kept."""
    pragmas = {"journal_mode": "delete", "synchronous": 3, "foreign_keys": 1, "busy_timeout": 30000}
    with Gradebook.open(tmp_path / "g.sqlite") as book, book.database.read() as connection:
        found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in pragmas}
        assert found == pragmas


def test_a_reader_needs_no_right_to_write(tmp_path: Path) -> None:
    """Someone who was given a copy on a medium of which nothing can be changed."""
    path = tmp_path / "g.sqlite"
    with Gradebook.open(path) as book:
        run_of(book, graded("ann"))
    before = path.read_bytes()
    path.chmod(0o400)
    with Gradebook.open(path, create=False) as book:
        assert scores_of(book) == {"ann": 10.0}
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://host/db", "mysql: a gradebook cannot be kept there; expected a file or a URL"),
        ("sqlite://", "sqlite: a gradebook cannot be kept there"),
        ("postgresql://host:port/x", "not the URL of a database"),
    ],
)
def test_other_urls_are_refused(url: str, message: str) -> None:
    """With what is expected."""
    with pytest.raises(UsageError, match=message) as caught:
        Gradebook.open(url)
    one_line(caught)


# ---------------------------------------------------------------- PostgreSQL


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    """One line, without the password."""
    url = f"postgresql://ada:s3cret@/grades?host={tmp_path}"
    with pytest.raises(GraderError, match="the gradebook cannot be used") as caught:
        Gradebook.open(url)
    message = one_line(caught)
    assert "s3cret" not in message
    assert "ada:***@" in message


def test_without_psycopg_it_is_said_what_to_install() -> None:
    """The extra is named."""
    program = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from grader.batch.gradebook import Gradebook\n"
        "try: Gradebook.open('postgresql://host/db')\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=COURSE, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("UsageError a gradebook in PostgreSQL needs psycopg")
    assert "numpy-notebook-grader[postgresql]" in done.stdout


@pytest.mark.postgresql
def test_a_lost_session_writes_no_more(where_postgresql: str) -> None:
    """Its lock is gone with it, and another may have it: so it has to stop."""
    with Gradebook.open(where_postgresql) as book, Gradebook.open(where_postgresql) as other:
        run = book.begin(INFO, b"")
        book.record(run, [(0, graded("ann"))])
        end = text(
            "SELECT pg_terminate_backend(pid) FROM pg_locks "
            "WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        )
        with other.database.write() as connection:
            connection.execute(end)
        with pytest.raises(GraderError) as caught:
            book.record(run, [(1, graded("bob"))])
        one_line(caught)
        second = other.begin(INFO, b"")
        for _ in range(2):
            with pytest.raises(GraderError, match="the connection was lost"):
                book.record(run, [(1, graded("bob"))])
        other.record(second, [(0, graded("bob"))])
        assert [r.status for r in other.runs()] == ["interrupted", "running"]
        assert len(book.results(run)) == 1
