"""Which limit struck, in words: from an exception, or from the way in which a kernel ended."""

from __future__ import annotations

import re
from dataclasses import replace

from grader.results import RaisedError
from grader.spec import Limits

MB, GB = 2**20, 2**30

# What the operating system says where a limit strikes: errno(3), and Python's own words.
_DISK = ("[Errno 28]", "[Errno 27]", "[Errno 122]")
_CUT = re.compile(r"^\d+ requested and \d+ written$")  # NumPy, where the system has cut a write
_PROCESSES = ("[Errno 11]", "can't start new thread")


def named(error: RaisedError, limits: Limits) -> RaisedError:
    """Return the error with the limit that struck, if it tells of one."""
    return replace(error, limit=_words(error, limits))


def _words(error: RaisedError, limits: Limits) -> str:
    if error.type == "MemoryError" or error.type.endswith("ArrayMemoryError"):
        return words("memory", limits)
    if "[Errno 12]" in error.message:
        return words("memory", limits)
    if any(text in error.message for text in _DISK) or _CUT.match(error.message):
        return words("disk", limits)
    if any(text in error.message for text in _PROCESSES):
        return words("processes", limits)
    return ""


def words(limit: str, limits: Limits) -> str:
    """Say that a limit was exceeded, as the rest of a sentence about what did so; "" for none."""
    return {
        "memory": f"needed more than {limits.memory_gb:g} GB of memory",
        "disk": f"wrote more than {limits.disk_mb:g} MB of files",
        "output": f"wrote more than {limits.output_mb:g} MB of output",
        "processes": f"started more than {limits.processes} processes and threads",
    }.get(limit, "")
