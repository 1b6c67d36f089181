"""A gradebook's file in use: others that read it, and what becomes of it meanwhile."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from grader.batch.gradebook import Gradebook, file
from grader.errors import GraderError
from tests.batch.conftest import RunStatements
from tests.batch.gradings import INFO, OTHER_KEY, graded, run_of, scores_of

NOBODY = 65534
READER = """
import sqlite3, sys, time
book = sqlite3.connect(sys.argv[1], isolation_level=None)
book.execute("BEGIN")
book.execute("SELECT count(*) FROM runs").fetchall()
print("reading", flush=True)
sys.stdin.read(1)
"""


@contextmanager
def being_read(where: str) -> Iterator[subprocess.Popen[bytes]]:
    """Let another program read the gradebook, and not come to an end."""
    command = [sys.executable, "-c", READER, where]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"reading\n"
        try:
            yield reader
        finally:
            reader.kill()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let waiting be short."""
    monkeypatch.setattr(file, "NOTICE_SECONDS", 0.1)
    monkeypatch.setattr(file, "WAIT_SECONDS", 0.5)


def test_a_reader_is_waited_for(where_sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long; it is said for whom, once."""
    monkeypatch.setattr(file, "NOTICE_SECONDS", 0.1)
    said: list[str] = []
    with Gradebook.open(where_sqlite, say=said.append) as book:
        run = book.begin(INFO, b"key")
        with being_read(where_sqlite) as reader:

            def say(message: str) -> None:
                said.append(message)
                reader.kill()

            assert book.database.file is not None
            book.database.file.say = say
            book.record(run, [(0, graded("ann"))])
        book.finish(run, "finished")
        assert scores_of(book) == {"ann": 10.0}
    (message,) = said
    assert message.startswith(f"{where_sqlite}: waiting for ")
    assert f"(process {reader.pid}), which reads the gradebook" in message


@pytest.mark.usefixtures("impatient")
def test_a_reader_that_stays_is_named(where_sqlite: str) -> None:
    """With what is kept, and what to do."""
    with Gradebook.open(where_sqlite) as book:
        run_of(book, graded("ann"))
        run = book.begin(INFO, b"key")
        with being_read(where_sqlite) as reader, pytest.raises(GraderError) as caught:
            book.record(run, [(0, graded("bob"))])
        assert str(caught.value).endswith(f"(process {reader.pid}); end it")
    with Gradebook.open(where_sqlite) as book:
        assert scores_of(book) == {"ann": 10.0}


@pytest.mark.parametrize("becomes", ["elsewhere", None])
def test_what_is_recorded_in_a_file_that_is_gone_would_be_lost(
    where_sqlite: str, tmp_path: Path, becomes: str | None
) -> None:
    """The system lets anybody write there; nobody would find it again."""
    path = Path(where_sqlite)
    with Gradebook.open(where_sqlite) as book:
        run = book.begin(INFO, b"key")
        book.record(run, [(0, graded("ann"))])
        path.rename(tmp_path / becomes) if becomes else path.unlink()
        with pytest.raises(GraderError, match="was moved or deleted while it was in use"):
            book.record(run, [(1, graded("bob"))])
        path.write_bytes(b"")
        with pytest.raises(GraderError, match="was replaced while it was in use"):
            book.record(run, [(1, graded("bob"))])


@pytest.fixture
def not_root() -> Iterator[Path]:
    """Be a user who may not write everywhere; return a folder of that user's."""
    mine = os.geteuid()
    with tempfile.TemporaryDirectory() as folder:
        if mine == 0:
            os.chown(folder, NOBODY, -1)
            os.seteuid(NOBODY)
        try:
            yield Path(folder)
        finally:
            os.seteuid(mine)


def test_a_file_that_cannot_be_written_to(not_root: Path) -> None:
    """It is the file that is named, or its folder."""
    path = not_root / "book.sqlite"
    Gradebook.open(path).close()
    (not_root / "book.sqlite.lock").touch()
    for each, mode, words in (
        (path, 0o400, "the file cannot be written to"),
        (not_root, 0o500, f"{not_root} cannot be written to"),
    ):
        before = each.stat().st_mode
        each.chmod(mode)
        with Gradebook.open(path) as book, pytest.raises(GraderError) as caught:
            book.begin(INFO, b"key")
        each.chmod(before)
        assert str(caught.value) == f"{path}: the gradebook cannot be used: {words}"


def test_an_answer_key_is_kept_once(where: str) -> None:
    """Also where what belongs to it changes, and changes back."""
    with Gradebook.open(where) as book:
        for info in (INFO, OTHER_KEY, INFO, replace(INFO, key_digest="k3")):
            book.finish(book.begin(info, b"the key" * 100), "finished")
        book.finish(book.begin(replace(INFO, key_digest="k4"), b"another"), "finished")
        with book.database.read() as connection:
            kept = text("SELECT length(content) FROM answer_keys ORDER BY key_digest")
            assert connection.execute(kept).scalars().all() == [700, 0, 0, 7]
        keys = [book.answer_key(f"k{number}") for number in (1, 2, 3, 4)]
    assert keys == [*[b"the key" * 100] * 3, b"another"]


def test_keys_of_an_older_gradebook_are_kept_once(
    where_sqlite: str, run_statements: RunStatements
) -> None:
    """And found again."""
    with Gradebook.open(where_sqlite) as book:
        for info in (INFO, OTHER_KEY):
            book.finish(book.begin(info, b"the key"), "finished")
    run_statements(
        where_sqlite,
        (
            "ALTER TABLE answer_keys DROP COLUMN content_digest",
            "UPDATE answer_keys SET content = CAST('the key' AS BLOB)",
            "UPDATE meta SET value = '2' WHERE name = 'schema'",
        ),
    )
    with Gradebook.open(where_sqlite) as book:
        assert [book.answer_key(digest) for digest in ("k1", "k2")] == [b"the key"] * 2
    with closing(sqlite3.connect(where_sqlite)) as connection:
        found = connection.execute("SELECT sum(length(content)) FROM answer_keys").fetchone()
    assert found == (7,)
