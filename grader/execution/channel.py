"""The grader's end of the channel over which a student's functions are called."""

from __future__ import annotations

import asyncio
import inspect
import re
import secrets
import socket
import struct
from contextlib import suppress
from pathlib import Path
from typing import Any

from grader import wire
from grader.errors import WireError
from grader.execution import probe
from grader.execution.plan import Definition
from grader.execution.runner import Request
from grader.results import Observation, ObservationStatus, Place, RaisedError

# What a kernel may say of a call; that one was lost is for the grader to say.
_SAID: tuple[ObservationStatus, ...] = (
    "returned",
    "raised",
    "missing",
    "not_a_function",
    "unreadable",
)


# The file name that ipykernel gives to a cell's code.
_CELL_FILE = re.compile(r"ipykernel_\d+|ipython-input")


class ChannelClosedError(Exception):
    """The student's process closed its end: it ended, or something in it closed the socket."""


class ChannelBrokenError(Exception):
    """What came is no answer to what was asked; what comes next may not be one either."""


def kernel_code(descriptor: int) -> str:
    """Return the code that, run in the kernel, answers requests on the inherited descriptor."""
    sources = {name: Path(inspect.getfile(module)).read_text() for name, module in _MODULES.items()}
    return (
        "def _serve(sources):\n"
        "    import socket, sys, types\n"
        "    modules = {}\n"
        "    for name, source in sources.items():\n"
        "        modules[name] = sys.modules[name] = types.ModuleType(name)\n"
        "        exec(compile(source, name, 'exec'), modules[name].__dict__)\n"
        f"    channel = socket.socket(fileno={descriptor})\n"
        "    modules['_probe'].serve(channel, globals(), modules['_wire'])\n"
        f"_serve({sources!r})\n"
    )


_MODULES = {"_wire": wire, "_probe": probe}


class Channel:
    """Sends requests to a kernel and reads its answers, one at a time."""

    def __init__(self, end: socket.socket, definitions: dict[str, Definition]) -> None:
        self._socket = end
        self._definitions = definitions
        self._socket.settimeout(0)

    def drain(self) -> None:
        """Throw away what the notebook has already written: no answer can precede its request.

        Within a bound: a thread that the notebook left behind may go on writing.
        """
        with suppress(BlockingIOError, ConnectionError):
            for _ in range(64):
                if not self._socket.recv(2**20):
                    break

    async def ask(self, request: Request, seconds: float) -> Observation:
        """Send one request and return what came back.

        Raises TimeoutError after `seconds`, ChannelClosedError if the student's process is gone,
        ChannelBrokenError if something else than an answer came.
        """
        try:
            async with asyncio.timeout(seconds):
                identity = secrets.token_hex(16)
                await self._send(request, identity)
                answer = wire.unpack(await self._receive())
        except WireError as error:
            raise ChannelBrokenError from error
        except (ConnectionError, BrokenPipeError) as error:
            raise ChannelClosedError from error
        return self._observation(request, answer, identity)

    async def _send(self, request: Request, identity: str) -> None:
        message = wire.pack(
            {
                "id": identity,
                "kind": request.kind,
                "name": request.name,
                "arguments": list(request.arguments),
                "parameters": list(request.parameters),
                "required": request.required,
                "takes": request.takes,
                "seed": request.seed,
            }
        )
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(self._socket, struct.pack("<Q", len(message)) + message)

    async def _receive(self) -> bytes:
        (length,) = struct.unpack("<Q", await self._exactly(8))
        if length > wire.MAX_BYTES:
            raise WireError(f"a message of {length:,} bytes")
        return await self._exactly(length)

    async def _exactly(self, length: int) -> bytes:
        loop = asyncio.get_running_loop()
        data = bytearray()
        while len(data) < length:
            part = await loop.sock_recv(self._socket, min(2**20, length - len(data)))
            if not part:
                raise ChannelClosedError
            data += part
        return bytes(data)

    def _observation(self, request: Request, answer: Any, identity: str) -> Observation:
        known = answer.get("id") if isinstance(answer, dict) else None
        if not isinstance(known, str) or known != identity:
            raise ChannelBrokenError
        said = answer.get("status")
        status = next((s for s in _SAID if isinstance(said, str) and s == said), None)
        if status is None:
            raise ChannelBrokenError
        if status in ("unreadable", "not_a_function"):
            why = RaisedError("", str(answer.get("why", ""))[:80])
            return Observation(request.question, request.case, status, error=why)
        return Observation(
            question=request.question,
            case=request.case,
            status=status,
            value=answer.get("value"),
            printed=str(answer.get("printed", ""))[: probe.MAX_PRINTED],
            error=self._error(answer.get("error")) if status == "raised" else None,
        )

    def _error(self, error: Any) -> RaisedError:
        if not isinstance(error, dict):
            return RaisedError("Exception", "")
        message = str(error.get("message", ""))[: probe.MAX_MESSAGE]
        place = self._place(error.get("frames"))
        return RaisedError(str(error.get("type"))[:100], message, *place)

    def _place(self, frames: Any) -> tuple[Place | None, str, str]:
        """Return the innermost line in a graded item, the item, and the line's text.

        Frames name functions, not cells; the plan knows in which cell a graded one stands.
        """
        for frame in reversed(frames if isinstance(frames, list) else []):
            types = [type(part) for part in frame] if isinstance(frame, list) else []
            if types != [str, int, int, str] or not _CELL_FILE.search(frame[3]):
                continue
            function, first_line, line, _ = frame
            definition = self._definitions.get(function)
            if definition is None or definition.first_line != first_line:
                continue
            code = definition.line(line)
            if code is not None:
                return Place(definition.cell, line), function, code
        return None, "", ""
