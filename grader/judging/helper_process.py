"""The process in which the reference answers for students' helpers.

    python -m grader.judging.helper_process DESCRIPTOR COURSE ASSIGNMENT

It loads the assignment, says so with one byte, and answers messages in the wire form over the
socket until that is closed. Arguments are a student's: any plain values. Nothing is kept between
two calls; where the stream of random numbers stands comes with each. A call that takes too much
processor time ends the process (SIGPROF).
"""

from __future__ import annotations

import copy
import os
import signal
import socket
import struct
import sys
import time
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from grader import wire
from grader.authoring import AuthoredQuestion
from grader.course import load_assignment
from grader.judging.answering import called
from grader.judging.course_process import limit_memory
from grader.judging.helpers import ANSWER, READY
from grader.wire import ForeignArray, Opaque


def main(descriptor: int, course: str, name: str) -> None:
    """Load the assignment; answer until the socket is closed."""
    channel = socket.socket(fileno=descriptor)
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):  # what the reference prints is nobody's
        os.dup2(null, number)
    limit_memory()
    warnings.simplefilter("ignore")
    assignment = load_assignment(Path(course), name)
    questions = {each.spec.name: each for each in assignment.questions if each.cases}
    channel.sendall(READY)
    while length := _exactly(channel, 8):
        asked = wire.unpack(_exactly(channel, struct.unpack("<Q", length)[0]))
        begun = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, asked["seconds"])  # at its end the process ends
        answer = _packed(_answer(questions[asked["question"]], asked))
        signal.setitimer(signal.ITIMER_PROF, 0)
        channel.sendall(ANSWER.pack(len(answer), time.process_time() - begun) + answer)


def _exactly(channel: socket.socket, length: int) -> bytes:
    """Read so many bytes; none if the other end is closed."""
    data = bytearray()
    while len(data) < length:
        part = channel.recv(min(2**20, length - len(data)))
        if not part:
            return b""
        data += part
    return bytes(data)


def _packed(answer: dict[str, Any]) -> bytes:
    try:
        return wire.pack(answer)
    except (wire.WireError, MemoryError) as error:  # it is too large to be sent
        return wire.pack(_raised(error))


def _answer(question: AuthoredQuestion, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Call the reference; what it raises is an answer, too."""
    unused = question.spec.unused
    try:
        given = {n: _plain(value) for n, value in asked["arguments"].items() if n not in unused}
        draws = asked["stream"] is not None
        if draws:
            _set_stream(asked["stream"])
        value = called(question.reference, copy.deepcopy(given))  # what came is read-only
    except Exception as error:  # noqa: BLE001 - as it would be raised where the helper is called
        return _raised(error)
    return {"status": "returned", "value": value, "stream": _stream() if draws else None}


def _raised(error: Exception) -> dict[str, Any]:
    return {"status": "raised", "type": type(error).__name__, "message": str(error)[:500]}


def _plain(value: Any) -> Any:
    """Refuse, also inside containers, what has not come over the wire as it was."""
    if isinstance(value, Opaque | ForeignArray):
        raise TypeError("an argument of a type that cannot be passed on")
    parts = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list | tuple):
        for part in parts:
            _plain(part)
    return value


# ---------------------------------------------------------------- the stream of random numbers


def _set_stream(stream: Any) -> None:
    """Let NumPy's global stream stand where the student's does. Raises ValueError for none."""
    if not isinstance(stream, list) or [type(part) for part in stream] != [
        *(np.ndarray, int, int, float),
    ]:
        raise ValueError("no stream of random numbers")
    keys, position, has_gauss, gauss = stream
    if keys.dtype != np.uint32 or keys.shape != (624,) or not keys.any():
        raise ValueError("no stream of random numbers")
    if not 0 <= position <= keys.size or has_gauss not in (0, 1) or not np.isfinite(gauss):
        raise ValueError("no stream of random numbers")
    np.random.set_state(("MT19937", keys, position, has_gauss, gauss))


def _stream() -> list[Any]:
    return list(np.random.get_state(legacy=True))[1:]


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
