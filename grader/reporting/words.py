"""Numbers and words that reports share."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable
from pathlib import Path

from grader.results import Status, SubmissionStatus

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)

STATUS_WORDS: dict[Status | SubmissionStatus, str] = {
    "passed": "right",
    "failed": "wrong",
    "errored": "error",
    "timed_out": "too slow",
    "crashed": "crashed",
    "missing": "missing",
    "graded": "graded",
    "unreadable": "not readable",
    "not_graded": "not graded",
}


def points_text(points: float) -> str:
    """Return points with at most two decimals, rounded down: full marks only for full marks."""
    down = math.floor(points * 100 + 1e-6) / 100
    return f"{down:.2f}".rstrip("0").rstrip(".")


def points_of(score: float, max_score: float) -> str:
    """Return what an item earned of what it carries, in words."""
    if not max_score:
        return "no points"
    return f"{points_text(score)} of {points_text(max_score)} points"


def difference_text(points: float) -> str:
    """Return by how many points a score was changed, in words."""
    sign = "+" if points > 0 else "−" if points < 0 else ""
    text = points_text(abs(points))
    return f"{sign}{text} {'point' if text == '1' else 'points'}"


def percent(score: float, max_score: float) -> float:
    """Return the percentage with one decimal, rounded down: 100 only if it is."""
    return math.floor(1000 * score / max_score + 1e-6) / 10 if max_score else 0.0


def percent_text(score: float, max_score: float) -> str:
    """Return the percentage as text, without a needless decimal."""
    return f"{percent(score, max_score):g} %"


def count_text(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def write_text(path: Path, text: str | Iterable[str]) -> Path:
    """Write a file whole or not at all; an existing symbolic link is replaced, not followed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name[:80]}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.writelines([text] if isinstance(text, str) else text)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return path


def visible(text: str) -> str:
    """Remove control characters, and those that change the direction of writing."""
    return _CONTROL.sub("", text)
