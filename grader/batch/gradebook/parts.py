"""Times as text that sorts, and long lists in parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar

CHUNK = 500  # rows that one question to the database asks for

T = TypeVar("T")


def now() -> str:
    """Return the time in UTC, in a form in which times sort as text."""
    return _utc(datetime.now(UTC))


def in_utc(time: str) -> str:
    """Return a time of ISO 8601 as `now` does; "" if it is none, or none in UTC."""
    try:
        parsed = datetime.fromisoformat(time)
        return _utc(parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC))
    except (ValueError, OverflowError):  # the latter for one before the year 1 or after 9999
        return ""


def _utc(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def chunks(rows: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """Yield the rows in parts of at most `size`."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
