"""Reading and planning a notebook in a process of its own, forked from the warm parent.

No code of the notebook is run, but its text is hostile, too: a long enough chain of operators or a
deep enough nesting exhausts the parser's memory or time. What it exhausts here is the child's.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import struct
from contextlib import suppress
from typing import Literal

import msgspec

from grader.errors import SubmissionError, reason
from grader.execution.plan import Plan, plan
from grader.execution.sandbox import landlock, linux, seccomp
from grader.execution.sandbox.confine import memory_in_use
from grader.execution.sandbox.private_root import readable_paths
from grader.spec import Assignment
from grader.submission import parse_file
from grader.texts import encodable_in

SECONDS = 10  # of processor time
MEMORY = 2**30  # bytes, on top of what the parent has
MAX_PLAN = 64 * 2**20  # bytes
TOO_MUCH = (
    f"its code cannot be read within {SECONDS} s and {MEMORY // 2**30} GB of memory; is there an "
    "expression that is thousands of terms long or deep?"
)


class ReadRequest(msgspec.Struct, tag="read", frozen=True):
    """What the zygote is asked for, with descriptors: where to answer, and two open files.

    These are the notebook, and the Python files that were handed in beside it (msgpack, by name).
    """

    assignment: Assignment
    confine: bool


class Reading(msgspec.Struct, frozen=True):
    """The answer: a plan, or why there is none."""

    status: Literal["planned", "unreadable", "failed"]
    message: str = ""
    plan: Plan | None = None


ENDED = struct.Struct("<i")  # how the process that has read the notebook ended: a signal, negative


def serve(request: ReadRequest, answer: socket.socket, notebook: int, beside: int) -> None:
    """Let a process read the notebook, plan it and send the answer; then say how it ended."""
    reader = os.fork()
    if reader == 0:
        _read(request, answer, notebook, beside)
        os._exit(0)
    _, status = os.waitpid(reader, 0)
    answer.sendall(ENDED.pack(os.waitstatus_to_exitcode(status)))


def _read(request: ReadRequest, answer: socket.socket, notebook: int, beside: int) -> None:
    linux.signal_on_parents_death(signal.SIGKILL)
    _limit(confine=request.confine)
    try:
        with open(notebook, "rb") as file, open(beside, "rb") as own:  # descriptors
            files = msgspec.msgpack.decode(own.read(), type=dict[str, bytes])
            planned = plan(parse_file(file), request.assignment, files)
        reading = Reading("planned", plan=planned)
    except SubmissionError as error:
        reading = Reading("unreadable", str(error))
    except (MemoryError, RecursionError):
        reading = Reading("unreadable", TOO_MUCH)
    except Exception as error:  # noqa: BLE001 - the grader's own: told as such
        reading = Reading("failed", reason(error))
    answer.sendall(_encoded(reading))


def _encoded(reading: Reading) -> bytes:
    """Return the answer; a literal of the notebook's may have made texts that cannot be sent."""
    try:
        return msgspec.msgpack.encode(reading)
    except UnicodeEncodeError:
        return msgspec.msgpack.encode(encodable_in(msgspec.to_builtins(reading)))


def _limit(*, confine: bool) -> None:
    memory = memory_in_use()[0] + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # SIGXCPU at the first one says whose fault it is; SIGKILL at the second would not.
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if confine:
        with suppress(OSError):  # at step A there may be none
            landlock.restrict(landlock.abi(), readable_paths(), (), ())
        linux.install_filter(seccomp.program(linux.MACHINE))
