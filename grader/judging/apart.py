"""Work on the course's code in a process of its own, forked from this one: it may die of it."""

from __future__ import annotations

import math
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress

import msgspec

from grader.errors import DisturbedError
from grader.judging.course_process import PATIENCE, is_disturbed, limit_time
from grader.judging.expected import Evidence
from grader.judging.program import UnlikeError

SECONDS = 120.0  # of processor time, for one question
TOO_LONG = "looking at its reference took more than {seconds:g} s"
NO_MEMORY = "looking at its reference takes too much memory"
ENDED = "the process that looked at its reference ended ({how})"
FAILED = "the grader cannot look at a reference that is written like this one"
_Made = Evidence | str


def apart(work: Callable[[], Evidence], seconds: float | None = None) -> _Made:
    """Do some work in a child of this process; return why there is no result, where there is none.

    Where processes cannot be forked, it is done in this one. Raises DisturbedError if something
    outside has ended the child, and another one after it.
    """
    if not hasattr(os, "fork"):
        return _done(work)
    limit = SECONDS if seconds is None else seconds
    for last in (False, True):
        said, code = _in_child(work, limit)
        if said is None and not last:  # so long by the clock: it may have stood still
            continue
        if said is None or code == -signal.SIGXCPU:
            return TOO_LONG.format(seconds=limit)
        with suppress(msgspec.DecodeError):
            made: _Made = msgspec.msgpack.decode(said, type=_Made)
            return made
        if not is_disturbed(code):
            return ENDED.format(how=_how(code))
    raise DisturbedError(ENDED.format(how=_how(code)))


def _in_child(work: Callable[[], Evidence], limit: float) -> tuple[bytes | None, int]:
    """Return what a child says, None where it does not end, and its exit code."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        limit_time(math.ceil(limit))
        _answer(work, writer)
    os.close(writer)
    with os.fdopen(reader, "rb", buffering=0) as pipe:
        said = _all_of(pipe.fileno(), time.monotonic() + PATIENCE * limit)
    if said is None:
        os.kill(child, signal.SIGKILL)
    return said, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _answer(work: Callable[[], Evidence], writer: int) -> None:
    """Do the work, write the result, and end: nothing of the parent's is finished here."""
    try:
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(msgspec.msgpack.encode(_done(work)))
    finally:
        sys.stderr.flush()
        os._exit(0)


def _done(work: Callable[[], Evidence]) -> _Made:
    try:
        return work()
    except UnlikeError as error:
        return str(error)
    except MemoryError:
        return NO_MEMORY
    except (Exception, SystemExit):  # noqa: BLE001 - whatever it is, it costs causes and no class
        traceback.print_exc()
        return FAILED


def _all_of(descriptor: int, until: float) -> bytes | None:
    """Read to the end; None if it does not come in time."""
    data = bytearray()
    while (left := until - time.monotonic()) > 0:
        if select.select([descriptor], [], [], left)[0]:
            part = os.read(descriptor, 2**20)
            if not part:
                return bytes(data)
            data += part
    return None


def _how(code: int) -> str:
    return f"signal {-code}, {signal.strsignal(-code)}" if code < 0 else f"code {code}"
