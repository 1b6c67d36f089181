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
from pathlib import Path
from typing import Any

from grader import wire
from grader.errors import NoAnswerError
from grader.judging.expected import course_environment

READY = b"\x06"
START_SECONDS = 60.0


class Helpers:
    """Answers for the helpers of one assignment, for several threads.

    The process is started when it is first asked, and again after it has ended; where it cannot be
    started, it is not tried again. `course` returns the course's folder, when it is needed.
    """

    def __init__(self, course: Callable[[], Path], name: str) -> None:
        self._course, self._name = course, name
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._given_up = False

    def answer(
        self, question: str, arguments: Mapping[str, Any], stream: Any, seconds: float
    ) -> bytes:
        """Return in the wire form what the reference answers (see `Answerer`).

        Raises NoAnswerError, at the latest some time after `seconds`.
        """
        message = wire.pack(
            {
                "question": question,
                "arguments": dict(arguments),
                "stream": stream,
                "seconds": seconds,
            }
        )
        if not self._lock.acquire(timeout=seconds):
            raise NoAnswerError("the reference is busy")
        try:
            self._process = self._process or self._started()
            return self._process.ask(message, seconds)
        except (OSError, ValueError) as error:  # TimeoutError and a closed socket among them
            self._end()
            raise NoAnswerError(f"the reference does not answer ({error})") from error
        finally:
            self._lock.release()

    def _started(self) -> _Process:
        if self._given_up:
            raise NoAnswerError("the reference could not be started")
        self._given_up = True  # unless it goes well
        process = _Process(self._course(), self._name)
        self._given_up = False
        return process

    def _end(self) -> None:
        if self._process:
            self._process.kill()
        self._process = None

    def close(self) -> None:
        """End the process; it is not started again."""
        self._given_up = True
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

    def ask(self, message: bytes, seconds: float) -> bytes:
        """Return the answer. Raises OSError after so many seconds, or if the process is gone."""
        self._deadline = time.monotonic() + seconds
        self._socket.settimeout(seconds)
        self._socket.sendall(struct.pack("<Q", len(message)) + message)
        (length,) = struct.unpack("<Q", self._exactly(8))
        return self._exactly(length)

    def _exactly(self, length: int) -> bytes:
        data = bytearray()
        while len(data) < length:
            self._socket.settimeout(max(0.001, self._deadline - time.monotonic()))
            part = self._socket.recv(min(2**20, length - len(data)))
            if not part:
                raise ConnectionError("its process has ended")
            data += part
        return bytes(data)

    def kill(self) -> None:
        """End it at once, and wait for its end."""
        self._socket.close()
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
