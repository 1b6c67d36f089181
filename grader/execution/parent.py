"""The grader's side of the zygote: starting it, and asking it for kernels."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from grader.errors import OWN_SIGNALS, DisturbedError, GraderError, SubmissionError
from grader.execution.own import Files
from grader.execution.plan import Plan
from grader.execution.reading import ENDED, MAX_PLAN, TOO_MUCH, Reading, ReadRequest
from grader.execution.sandbox.ladder import Machine
from grader.execution.supervisor import MACHINE, KernelRequest
from grader.leftovers import make_folder, remove, sweep
from grader.spec import Assignment
from grader.submission import open_notebook

ENVIRONMENT = ("LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH")
START_SECONDS = 120.0
READ_SECONDS = 300.0  # as long as the machine may take for what has a limit of processor time
KILL_SECONDS = 120.0
SHORT_OF_MEMORY = "the machine had no more memory, and the system ended a process of the notebook's"


class ZygoteDiedError(DisturbedError):
    """The warm parent process is gone, or does not answer."""


@dataclass(frozen=True)
class Ending:
    """How a kernel ended: its exit code (negative: a signal), and the limit that struck, if any.

    `cpu` is in seconds of the kernel, its supervisor and all it started.
    """

    code: int
    reason: str = ""
    cpu: float = 0.0


class Zygote:
    """A warm parent process. It ends when this end of its socket is closed, or the grader ends."""

    def __init__(self, prefix: Sequence[str] = (), where: Path | None = None) -> None:
        """Start it; `prefix` is a command that runs the one behind it.

        `where` is the folder for temporary files, the system's if none is given. The zygote has one
        of its own there.
        """
        self.where = where
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        self._machine: Machine | None = None
        sweep()
        self._hold: int | None
        self.folder, self._hold = make_folder("parent", where)
        self.folder.chmod(0o755)
        command = [*prefix, sys.executable, "-m", "grader.execution.zygote", str(theirs.fileno())]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this Python, and a module of ours
                command,
                pass_fds=[theirs.fileno()],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )

    def _environment(self) -> dict[str, str]:
        """Return what a kernel may know of the grader's environment: no token, no name, no path."""
        kept = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
        return kept | {
            "PATH": os.defpath,
            "PYTHONHASHSEED": "0",  # the same order of sets in every run
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            "HOME": str(self.folder),
            "MPLCONFIGDIR": f"{self.folder}/matplotlib",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "OPENBLAS_NUM_THREADS": "1",  # threads do not survive a fork
            "OMP_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
        }

    @property
    def machine(self) -> Machine:
        """What the zygote found out about the machine. Waits until it is warm.

        Raises ZygoteDiedError with what it said last if it did not get that far.
        """
        with self._lock:
            if self._machine is None:
                self._machine = self._greeting()
            return self._machine

    def _greeting(self) -> Machine:
        self._control.settimeout(START_SECONDS)
        try:
            greeting = self._control.recv(2**16)
        except OSError:
            greeting = b""
        if not greeting:
            raise ZygoteDiedError(
                f"the parent process of the kernels did not start: {self._last()}"
            )
        return msgspec.json.decode(greeting, type=Machine)

    def _last(self) -> str:
        """Return what it has said last, or how it has ended."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        code = self._process.poll()
        self._process.kill()
        _, said = self._process.communicate()
        ended = f"it was ended by signal {-code}" if code and code < 0 else "it said nothing"
        return (said.decode(errors="replace").strip().splitlines() or [ended])[-1]

    def fork(self, request: KernelRequest, channel: int, support: Path | None) -> Leash:
        """Have a kernel forked, with the channel's other end; return its leash.

        `support` goes as an open folder, without its name.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, ExitStack() as stack:
            descriptors = [theirs.fileno(), channel]
            if support and support.is_dir():
                descriptors.append(os.open(support, os.O_RDONLY | os.O_DIRECTORY))
                stack.callback(os.close, descriptors[-1])
            try:
                self._send(request, *descriptors)
            except ZygoteDiedError:
                ours.close()
                raise
        return Leash(ours)

    def plan(self, path: Path, assignment: Assignment, files: Files) -> Plan:
        """Read a notebook and plan its run; `files` were handed in beside it.

        Raises SubmissionError, ZygoteDiedError.
        """
        confine = self.machine.step != "C"
        ours, theirs = socket.socketpair()
        with ours, open_notebook(path) as file, tempfile.TemporaryFile() as beside:
            beside.write(msgspec.msgpack.encode(dict(files)))
            beside.seek(0)
            with theirs:
                request = ReadRequest(assignment, confine)
                self._send(request, theirs.fileno(), file.fileno(), beside.fileno())
            ours.settimeout(READ_SECONDS)
            answer = _all_of(ours)
        reading = _reading(answer)
        if reading.status == "failed":
            raise GraderError(reading.message)
        if reading.plan is None:
            raise SubmissionError(reading.message)
        return reading.plan

    def _send(self, request: KernelRequest | ReadRequest, *descriptors: int) -> None:
        try:
            socket.send_fds(self._control, [msgspec.json.encode(request)], list(descriptors))
        except OSError as error:
            raise ZygoteDiedError("the parent process of the kernels is gone") from error

    def has_ended(self, seconds: float = 0.0) -> bool:
        """Whether its process is gone, within some seconds."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self._process.poll() is not None

    def close(self) -> None:
        """End the zygote; its kernels have ended with their leashes."""
        self._control.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.communicate(timeout=5)
        self._process.kill()
        self._process.communicate()
        if self._hold is not None:
            remove(self.folder, self._hold)
            os.close(self._hold)
            self._hold = None


def _reading(answer: bytes) -> Reading:
    """Return what was read. Raises SubmissionError if its text has ended the process that did."""
    said, ended = answer[: -ENDED.size], answer[-ENDED.size :]
    with suppress(struct.error):
        if -ENDED.unpack(ended)[0] in OWN_SIGNALS or len(answer) > MAX_PLAN:
            raise SubmissionError(TOO_MUCH)
    try:
        return msgspec.msgpack.decode(said, type=Reading)
    except msgspec.DecodeError:
        raise DisturbedError("the process that read the notebook was ended") from None


def _all_of(end: socket.socket) -> bytes:
    """Return what comes until the other end is closed, or a limit of time or size strikes."""
    data = bytearray()
    with suppress(OSError):
        while len(data) <= MAX_PLAN and (part := end.recv(2**20)):
            data += part
    return bytes(data)


class Leash:
    """The grader's hold on one kernel, through its supervisor. For one event loop."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._socket.settimeout(0)
        loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[Ending] = loop.create_future()
        self.kernel = self.supervisor = 0  # their processes, once it is ready
        self._ready: asyncio.Future[int] = loop.create_future()
        loop.add_reader(self._socket.fileno(), self._read)

    async def ready(self, seconds: float) -> int:
        """Wait until the kernel's sockets are bound; return its process id.

        Raises DisturbedError if there is no supervisor, ConfinementError if the kernel could not be
        confined or started, TimeoutError.
        """
        async with asyncio.timeout(seconds):
            self.kernel = await self._ready
        return self.kernel

    def _read(self) -> None:
        try:
            message = self._socket.recv(2**16)
        except BlockingIOError:
            return
        except OSError:
            message = b""
        if not message:
            self._lost()
            return
        report: dict[str, Any] = json.loads(message)
        if "ready" in report and not self._ready.done():
            self.supervisor = report["supervisor"]
            self._ready.set_result(report["ready"])
        if "error" in report:
            self._fail(ConfinementError(_last_line(report["error"])))
        if "ended" in report and not self.ended.done():
            ending = Ending(report["ended"], report["reason"], report["cpu"])
            if ending.reason == MACHINE:
                self._disturbed(ShortOfMemoryError(SHORT_OF_MEMORY))
                return
            self._fail(ConfinementError(f"it ended with {ending.code}"))
            self.ended.set_result(ending)

    def _lost(self) -> None:
        asyncio.get_running_loop().remove_reader(self._socket.fileno())
        self._disturbed(DisturbedError("the process that watched over the notebook was ended"))

    def _disturbed(self, error: DisturbedError) -> None:
        self._fail(error)
        if not self.ended.done():
            self.ended.set_exception(error)
            self.ended.exception()  # seen: a kernel that nobody waits for is nobody's concern

    def _fail(self, error: GraderError) -> None:
        if not self._ready.done():
            self._ready.set_exception(error)

    async def kill(self, seconds: float = KILL_SECONDS) -> Ending:
        """End the kernel with all that it has started; return how it ended.

        Raises DisturbedError if its supervisor is gone, or says nothing; ShortOfMemoryError if the
        system has killed something of the notebook's for want of memory.
        """
        if not self.ended.done():
            with suppress(OSError):
                self._socket.send(b"kill")
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.shield(self.ended)
        except TimeoutError:
            raise DisturbedError(f"a kernel had not ended after {seconds:g} s") from None

    def close(self) -> None:
        """Let go; the supervisor ends the kernel if it has not ended yet."""
        if self._socket.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
            self._socket.close()
        if self._ready.done() and not self._ready.cancelled():
            self._ready.exception()  # seen: nobody need be told
        self._ready.cancel()


class ShortOfMemoryError(DisturbedError):
    """The system has killed a process of a notebook's because the machine had no more memory."""


class ConfinementError(DisturbedError):
    """A kernel could not be confined or started on this machine."""


def _last_line(text: str) -> str:
    lines = text.strip().splitlines() or ["it did not start"]
    return lines[-1]
