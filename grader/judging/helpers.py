"""The reference as the answer for students' helpers: a process of its own, asked over a socket."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from grader import wire
from grader.askable import Reply
from grader.errors import DisturbedError, GraderError, NoAnswerError
from grader.judging.course_process import course_environment, is_disturbed

READY = b"\x06"
ANSWER = struct.Struct("<Qd")  # the bytes of the answer that follows, and its processor time
# As long as a busy machine may take to start it, and for an answer.
START_SECONDS = 120.0
ANSWER_SECONDS = 300.0


class Helpers:
    """Answers for the helpers of one assignment, for several threads.

    The process is started when it is first asked, and again after it has ended. `course` returns
    the course's folder, when it is needed.
    """

    def __init__(self, course: Callable[[], Path], name: str) -> None:
        self._course, self._name = course, name
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._closed = False

    def answer(
        self, question: str, arguments: Mapping[str, Any], stream: Any, seconds: float
    ) -> Reply:
        """Return what the reference answers (see `Answerer`).

        Raises NoAnswerError where that takes more than `seconds` of processor time, or ends the
        process, and DisturbedError where something else has ended it, or it says nothing.
        """
        message = wire.pack(
            {
                "question": question,
                "arguments": dict(arguments),
                "stream": stream,
                "seconds": seconds,
            }
        )
        with self._lock:
            if self._closed:
                raise DisturbedError("the process that answers for helpers was ended")
            self._process = self._process or self._started()
            try:
                return self._process.ask(message)
            except OSError as error:  # TimeoutError among them
                code = self._end()
                if code == -signal.SIGPROF:
                    raise NoAnswerError(f"the reference took more than {seconds:g} s") from error
                if code and not is_disturbed(code):
                    raise NoAnswerError("the reference cannot be asked that") from error
                raise DisturbedError("the process that answers for helpers was ended") from error

    def _started(self) -> _Process:
        try:
            return _Process(self._course(), self._name)
        except (OSError, GraderError) as error:
            raise DisturbedError(f"the reference could not be started ({error})") from error

    def _end(self) -> int:
        process, self._process = self._process, None
        return process.kill() if process else 0

    def close(self) -> None:
        """End the process; it is not started again."""
        self._closed = True
        with self._lock:
            self._end()


class _Process:
    """A process that answers, and this end of its socket."""

    def __init__(self, course: Path, name: str) -> None:
        ours, theirs = socket.socketpair()
        command = ["-m", "grader.judging.helper_process", str(theirs.fileno()), str(course), name]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this Python, our own module
                [sys.executable, *command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env=course_environment(),
                process_group=0,  # Ctrl-C at the terminal is for the grader
            )
        self._socket = ours
        self._deadline = time.monotonic() + START_SECONDS
        try:
            if self._exactly(1) != READY:
                raise ConnectionError("it said another thing")
        except OSError:
            self.kill()
            raise

    def ask(self, message: bytes) -> Reply:
        """Return the answer. Raises OSError if the process says nothing, or is gone."""
        self._deadline = time.monotonic() + ANSWER_SECONDS
        self._socket.settimeout(ANSWER_SECONDS)
        self._socket.sendall(struct.pack("<Q", len(message)) + message)
        length, seconds = ANSWER.unpack(self._exactly(ANSWER.size))
        return Reply(self._exactly(length), seconds)

    def _exactly(self, length: int) -> bytes:
        data = bytearray()
        while len(data) < length:
            self._socket.settimeout(max(0.001, self._deadline - time.monotonic()))
            part = self._socket.recv(min(2**20, length - len(data)))
            if not part:
                raise ConnectionError("its process has ended")
            data += part
        return bytes(data)

    def kill(self) -> int:
        """End it at once if it does not end by itself; return its exit code."""
        with suppress(subprocess.TimeoutExpired):  # its socket may have closed a moment before
            self._process.wait(0.5)
        self._socket.close()
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        return self._process.wait()
