"""The tables of the gradebook, and how an older gradebook becomes one of today.

Nothing is ever updated or deleted but a run's status: what was graded once stays on record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    inspect,
    select,
    text,
    update,
)

from grader.errors import GraderError

APPLICATION = "numpy-notebook-grader gradebook"
FIRST_VERSION = 1

metadata = MetaData()


def _text(name: str, **more: object) -> Column[str]:
    return Column(name, Text, nullable=False, **more)  # type: ignore[arg-type]  # Column's own


def _number(name: str) -> Column[float]:
    return Column(name, Float(53), nullable=False)


def _reference(name: str, target: str) -> Column[int]:
    return Column(name, Integer, ForeignKey(target), nullable=False)


meta = Table("meta", metadata, Column("name", Text, primary_key=True), _text("value"))

# A digest tells all that may change a result, and much of that is not in the answer key: so several
# may have one content. It stands with the first of them, and is empty with the others.
answer_keys = Table(
    "answer_keys",
    metadata,
    Column("key_digest", Text, primary_key=True),
    _text("assignment"),
    Column("content", LargeBinary, nullable=False),
    _text("first_used"),
    _text("content_digest", server_default=""),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("assignment"),
    _text("title"),
    _text("grader_version"),
    Column("key_digest", Text, ForeignKey("answer_keys.key_digest"), nullable=False),
    _text("environment"),  # JSON, for people
    _text("who"),
    _text("host"),
    Column("pid", Integer, nullable=False),
    _text("started"),
    _text("finished"),
    _text("status"),
    CheckConstraint("status IN ('running', 'finished', 'interrupted')", name="run_status"),
    Index("runs_of_assignment", "assignment"),
)

submissions = Table(
    "submissions",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("assignment"),
    _text("student"),
    _text("digest"),
    _text("first_seen"),
    UniqueConstraint("assignment", "student", "digest", name="one_hand_in"),
)

gradings = Table(
    "gradings",
    metadata,
    Column("id", Integer, primary_key=True),
    _reference("submission", "submissions.id"),
    _reference("run", "runs.id"),
    Column("key_digest", Text, ForeignKey("answer_keys.key_digest"), nullable=False),
    _text("status"),
    _number("score"),
    _number("max_score"),
    Column("result", LargeBinary, nullable=False),  # JSON, compressed with zlib
    _text("graded_at"),
    _number("seconds"),
    _text("stages"),  # JSON
    _text("worker"),
    CheckConstraint("status IN ('graded', 'unreadable', 'not_graded')", name="grading_status"),
    UniqueConstraint("submission", "run", name="one_grading_a_run"),
)

grading_items = Table(
    "grading_items",
    metadata,
    _reference("grading", "gradings.id"),
    Column("position", Integer, nullable=False),
    _text("name"),
    _text("status"),
    _number("score"),
    _number("max_score"),
    PrimaryKeyConstraint("grading", "name"),
)

# When and where a notebook was handed in stands here and not with the submission: the same notebook
# may be handed in again later, and is then the student's latest.
run_entries = Table(
    "run_entries",
    metadata,
    _reference("run", "runs.id"),
    Column("position", Integer, nullable=False),
    _reference("submission", "submissions.id"),
    _reference("grading", "gradings.id"),
    Column("reused", Integer, nullable=False),
    _text("path"),
    _text("handed_in"),  # as it was given
    _text("handed_at"),  # the same in UTC, to be compared; "" where it is not known
    Column("late", Integer, nullable=False, server_default="0"),  # 1 if the platform calls it late
    PrimaryKeyConstraint("run", "position"),
    UniqueConstraint("run", "submission", name="once_a_run"),
    Index("entries_of_submission", "submission"),
)

adjustments = Table(
    "adjustments",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("assignment"),
    _text("student"),
    _text("question"),
    _text("kind"),
    _number("points"),
    _text("reason"),
    _text("who"),
    _text("at"),
    Column("withdraws", Integer, ForeignKey("adjustments.id"), unique=True),
    Column("beyond", Integer, nullable=False, server_default="0"),  # 1: it may exceed the maximum
    CheckConstraint("kind IN ('add', 'set', 'withdraw')", name="adjustment_kind"),
    CheckConstraint("(kind = 'withdraw') = (withdraws IS NOT NULL)", name="withdraws_one"),
    Index("adjustments_of_student", "assignment", "student"),
)


# What students are called now: a name that `becomes` nothing is not listed, up to a run.
names = Table(
    "names",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("assignment"),
    _text("student"),
    _text("becomes"),
    Column("run", Integer, nullable=False),
    _text("reason"),
    _text("who"),
    _text("at"),
    Index("names_of_assignment", "assignment"),
)


def _names_and_bounds(connection: Connection) -> None:
    """Add names, what is late, and bounds: adjustments of before had none, and keep none."""
    names.create(connection)
    for table, column in ((run_entries, "late"), (adjustments, "beyond")):
        added = f"ALTER TABLE {table.name} ADD COLUMN {column} INTEGER NOT NULL DEFAULT 0"
        connection.execute(text(added))
    connection.execute(update(adjustments).values(beyond=1))


def _each_content_once(connection: Connection) -> None:
    """Keep the content of an answer key with the first digest only that has it."""
    added = "ALTER TABLE answer_keys ADD COLUMN content_digest TEXT NOT NULL DEFAULT ''"
    connection.execute(text(added))
    keys, seen = answer_keys.c, set()
    for name in connection.execute(select(keys.key_digest).order_by(keys.first_used)).scalars():
        mine = keys.key_digest == name
        content = bytes(connection.execute(select(keys.content).where(mine)).scalar_one())
        digest = content_digest(content)
        kept = b"" if digest in seen else content
        seen.add(digest)
        values = {"content": kept, "content_digest": digest}
        connection.execute(update(answer_keys).where(mine).values(values))


def content_digest(content: bytes) -> str:
    """Return what tells the content of one answer key from that of another."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


# Each makes the next version of the one before it: the first makes version 2 of version 1.
MIGRATIONS: Sequence[Callable[[Connection], None]] = (_names_and_bounds, _each_content_once)


def current_version() -> int:
    """Return the version that this program reads and writes."""
    return FIRST_VERSION + len(MIGRATIONS)


def found_version(connection: Connection, where: str) -> int | None:
    """Return the version of a gradebook, None for an empty database.

    Raises GraderError for a database that is something else, or newer than this program.
    """
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    rows = _meta(connection) if meta.name in tables else {}
    if rows.get("application") != APPLICATION or not rows.get("schema", "").isdigit():
        raise GraderError(
            f"{where}: a database, but no gradebook (it has tables of something else); name "
            "another one with --gradebook"
        )
    version = int(rows["schema"])
    if version > current_version():
        raise GraderError(
            f"{where}: made by a newer grader (version {version} of the gradebook, this one knows "
            f"up to {current_version()}); install a newer one"
        )
    return version


def _meta(connection: Connection) -> dict[str, str]:
    if {"name", "value"} - {column["name"] for column in inspect(connection).get_columns("meta")}:
        return {}
    return {str(row.name): str(row.value) for row in connection.execute(select(meta))}


def create(connection: Connection) -> None:
    """Make the tables in an empty database."""
    metadata.create_all(connection)
    rows = {"application": APPLICATION, "schema": str(current_version())}
    connection.execute(
        meta.insert(), [{"name": name, "value": value} for name, value in rows.items()]
    )


def migrate(connection: Connection, version: int) -> None:
    """Bring a gradebook of an older version up to date."""
    for step in MIGRATIONS[version - FIRST_VERSION :]:
        step(connection)
    newest = str(current_version())
    connection.execute(update(meta).where(meta.c.name == "schema").values(value=newest))
