"""The exceptions of the program.

GraderError                what the user should read: one clear line, never a traceback
├── WorkersGoneError       those who grade are gone, all of them; what was graded is recorded
├── UsageError             the command was asked for something that is not there
├── RefusedError           a database refused what was to be recorded, and would again
├── NoAnswerError          the reference cannot answer for a student's helper; told to nobody
├── CourseError            a course or an assignment is wrong; carries file, line and question
│   └── StoppedError       the course's code was stopped, or ended, without an answer
└── SubmissionError        a submission cannot be read; a named result, never an abort
    └── UnreachableError   it cannot be reached now; another time it may

grader.wire.WireError (ValueError)     bytes from another process are not a valid message
"""

from __future__ import annotations

from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class GraderError(Exception):
    """Something the user should know, in one line."""


class NoAnswerError(GraderError):
    """The reference cannot answer for a helper: it is not there, takes too long, or has ended."""


class UsageError(GraderError):
    """The command line asks for something that does not exist or makes no sense."""


class RefusedError(GraderError):
    """The database takes no such value, whenever it is tried."""


class WorkersGoneError(GraderError):
    """Whoever held what was to be graded has let go of all of it."""


class CourseError(GraderError):
    """A course or an assignment is wrong.

    `file` and `line` say where; `question` which question, where one is known.
    """

    def __init__(
        self,
        reason: str,
        *,
        file: Path | str | None = None,
        line: int | None = None,
        question: str | None = None,
    ) -> None:
        self.reason, self.file, self.line, self.question = reason, file, line, question
        place = f"{file}:{line}" if file and line else str(file or "")
        about = f"question '{question}'" if question else ""
        super().__init__(": ".join(part for part in (place, about, reason) if part))


class StoppedError(CourseError):
    """The course's code gave no answer: it took too long, or its process ended."""


class SubmissionError(GraderError):
    """A submission cannot be read; the message says what was found and what was expected."""


class UnreachableError(SubmissionError):
    """A submission cannot be reached now, and may be another time.

    It says nothing about what was handed in: that is the machine's fault, or the moment's.
    """


def reason(error: BaseException) -> str:
    """Say in one line why something failed, with no word of the program's own inside.

    What is not meant for the user is named by the exception of Python's that it is.
    """
    if isinstance(error, GraderError):
        return str(error)
    kinds = (kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins")
    return f"the grader failed on it ({next(kinds)}); the next run tries again"


def near_miss(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` was probably meant to be, or None."""
    # Of names that a student's code made up there may be any number, of any length.
    names = {other.lower(): other for other in islice(known, 200) if len(other) <= 80}
    close = get_close_matches(name.lower()[:80], list(names), n=1, cutoff=0.6)
    return names[close[0]] if close else None
