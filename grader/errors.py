"""The exceptions of the program.

GraderError                what the user should read: one clear line, never a traceback
├── WorkersGoneError       those who grade are gone, all of them; what was graded is recorded
├── UsageError             the command was asked for something that is not there
├── RefusedError           a database refused what was to be recorded, and would again
├── DisturbedError         the machine, or a process of the grader's own, failed: done again
├── NoAnswerError          a student's helper is not answered for: it asks too much, or too oddly
├── CourseError            a course or an assignment is wrong; carries file, line and question
│   └── StoppedError       the course's code was stopped, or ended, without an answer
│       └── KilledError    by a signal, twice, that may have come from outside
└── SubmissionError        a submission cannot be read; a named result, never an abort
    └── UnreachableError   it cannot be reached now; another time it may

grader.wire.WireError (ValueError)     bytes from another process are not a valid message
"""

from __future__ import annotations

import errno
import signal
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


# How code ends its own process without meaning to; any other signal may come from outside. Not
# every system has all of them.
OWN_SIGNALS = frozenset(
    each
    for each in signal.Signals
    if each.name in {"SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGXCPU"}
)
_OF_THE_MACHINE = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ESTALE, errno.ENXIO}
    | {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN}
)


def is_of_the_machine(error: Exception) -> TypeGuard[OSError]:
    """Whether the system says that it is short of something, or broken.

    Any other error is of the name or the file that was asked for.
    """
    return isinstance(error, OSError) and error.errno in _OF_THE_MACHINE


class GraderError(Exception):
    """Something the user should know, in one line."""


class DisturbedError(GraderError):
    """The machine failed, or a process of the grader's own ended, or had no time.

    It says nothing about what was being graded, which is to be graded again from the beginning.
    """


class NoAnswerError(GraderError):
    """A helper is not answered for: what is asked for is too much, or nothing that is asked."""


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


class KilledError(StoppedError):
    """A signal has ended the process twice that runs the course's code: its own, or the machine's.

    The machine may be at fault, so nothing is done without what was asked for.
    """


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
    return f"the grader failed on it ({kind_of(error)}); the next run tries again"


def kind_of(error: BaseException) -> str:
    """Return the name of the exception of Python's that an error is."""
    kinds = (kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins")
    return next(kinds)


def near_miss(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` was probably meant to be, or None."""
    # Of names that a student's code made up there may be any number, of any length.
    names = {other.lower(): other for other in islice(known, 200) if len(other) <= 80}
    close = get_close_matches(name.lower()[:80], list(names), n=1, cutoff=0.6)
    return names[close[0]] if close else None
