"""The grader's end of the channels over which a student's functions are called."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import re
import secrets
import socket
import struct
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from grader import wire
from grader.execution import bounds, helping, probe
from grader.execution.clock import Clock
from grader.execution.helping import Held, Helping
from grader.execution.lent import Lent
from grader.execution.plan import Definition
from grader.execution.runner import Answerer, Request
from grader.results import Observation, ObservationStatus, Place, RaisedError
from grader.texts import clean_text
from grader.vocabulary import numpy_warning
from grader.wire import WireError

OPEN_SECONDS = 5.0  # for the fork of a child
_CREDENTIALS = struct.Struct("iII")  # unix(7): who has sent a message, as the system says
MAX_CPU = 60.0  # seconds; a kernel may say what it likes

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
    """The process that answers closed its end: it ended, or something in it closed the socket."""


class ChannelBrokenError(Exception):
    """What came is no answer to what was asked; what comes next may not be one either."""


class NoProcessError(Exception):
    """The kernel could fork no process to answer: it has as many as it may have."""


class Switchboard:
    """Opens channels to a kernel that runs `probe.serve`, each to a forked child of its own."""

    def __init__(self, end: socket.socket, definitions: dict[str, Definition]) -> None:
        self._socket = end
        self._definitions = definitions
        self._socket.settimeout(0)
        self._numbers = itertools.count()

    async def open(self, clock: Clock, spare: int = bounds.SPARE_SCORED) -> Channel:
        """Open a channel. Raises ChannelClosedError if the kernel is gone, NoProcessError.

        Beside what is due, the child may send `spare` bytes.
        """
        number = next(self._numbers)
        ours, theirs = socket.socketpair()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        try:
            with theirs:
                order = probe.ORDER.pack(probe.OPEN, number)
                socket.send_fds(self._socket, [order], [theirs.fileno()])
            channel = Channel(ours, self._definitions, number, spare)
            await channel.greeting(clock)
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
        except (OSError, TimeoutError, ChannelClosedError, ChannelBrokenError) as error:
            ours.close()
            raise ChannelClosedError from error
        except BaseException:
            ours.close()
            raise
        return channel

    def kill(self, channel: Channel) -> None:
        """Have the child at a channel's other end killed, and close the channel."""
        channel.close()
        with contextlib.suppress(OSError):
            self._socket.send(probe.ORDER.pack(probe.KILL, channel.number))


class Channel:
    """Sends requests to a child of the kernel and reads its answers, one at a time."""

    def __init__(
        self,
        end: socket.socket,
        definitions: dict[str, Definition],
        number: int = 0,
        spare: int = bounds.SPARE_SCORED,
    ) -> None:
        self._socket = end
        self._definitions = definitions
        self.number = number
        self._room = spare  # bytes that may still come
        self.process = 0  # that of the child, once it has greeted
        self._socket.settimeout(0)

    def close(self) -> None:
        """Close this end; a child that waits for a request then ends."""
        self._socket.close()

    async def greeting(self, clock: Clock) -> None:
        """Wait for the child's first word, and learn which process it is from."""
        async with clock.limit(OPEN_SECONDS):
            await self._something()
            word, ancillary, _, _ = self._socket.recvmsg(1, socket.CMSG_SPACE(_CREDENTIALS.size))
        for _, kind, sent in ancillary:
            if kind == socket.SCM_CREDENTIALS and len(sent) == _CREDENTIALS.size:
                self.process = _CREDENTIALS.unpack(sent)[0]
        if not word:
            raise ChannelClosedError
        if word == probe.REFUSED:
            raise NoProcessError
        if word != probe.HELLO:
            raise ChannelBrokenError

    async def ask(
        self, request: Request, clock: Clock, seconds: float, answerer: Answerer | None = None
    ) -> Observation:
        """Send one request and return what came back; answer for helpers in between.

        Raises TimeoutError after `seconds` by the clock, not counting those that answers take,
        ChannelClosedError if the child is gone, ChannelBrokenError if something else than an answer
        came, NoAnswerError where there is none for a helper; OutOfTimeError and DisturbedError.
        """
        calls = Helping(request.answered, answerer, request.askable)
        self._expect(request)
        try:
            async with clock.limit(seconds, self.process) as watch:
                identity = secrets.token_hex(16)
                await self._send(request, identity)
                said, size = await self._said_in_the_end(calls, identity, watch.held)
        except WireError as error:
            raise ChannelBrokenError from error
        except (ConnectionError, BrokenPipeError) as error:
            raise ChannelClosedError from error
        seen = self._observation(request, said, size, identity)
        return replace(seen, answered=dict(calls.answered))

    async def lend(self, lent: Lent, answerer: Answerer | None, held: Held) -> None:
        """Send what is lent; answer calls of it until the other end closes, or this is cancelled.

        Raises what `ask` raises, but no TimeoutError.
        """
        helpers = [lent.helper] if lent.helper else []
        identity = secrets.token_hex(16)
        message = {
            "id": identity,
            "values": {} if helpers else {lent.name: wire.unpack(lent.packed)},
            "answered": [asdict(helper) for helper in helpers],
        }
        self._room += helping.MAX_BYTES
        try:
            await self._send_message(wire.pack(message))
            calls = Helping(helpers, answerer, lent.askable)
            await self._said_in_the_end(calls, identity, held)
        except WireError as error:
            raise ChannelBrokenError from error
        except (ConnectionError, BrokenPipeError) as error:
            raise ChannelClosedError from error

    async def _said_in_the_end(self, calls: Helping, identity: str, held: Held) -> tuple[Any, int]:
        """Answer for helpers until something else is said; return that, and of how many bytes."""
        said, size = await self._said()
        while (call := calls.call_in(said, identity)) is not None:
            await self._send_message(await calls.reply(call, size, held))
            said, size = await self._said()
        return said, size

    async def ask_ahead(
        self, requests: Sequence[Request], clock: Clock, seconds: float
    ) -> AsyncIterator[Observation]:
        """Send requests without helpers ahead of their answers; yield what comes back, in order.

        Raises what `ask` raises, at the first answer that does not come.
        """
        identities = [secrets.token_hex(16) for _ in requests]
        sender = asyncio.create_task(self._send_all(requests, identities))
        try:
            for request, identity in zip(requests, identities, strict=True):
                self._expect(request)
                async with clock.limit(seconds, self.process):
                    said, size = await self._said()
                yield self._observation(request, said, size, identity)
        except WireError as error:
            raise ChannelBrokenError from error
        except (ConnectionError, BrokenPipeError) as error:
            raise ChannelClosedError from error
        finally:
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)

    async def _send_all(self, requests: Sequence[Request], identities: Sequence[str]) -> None:
        before: Any = None
        for request, identity in zip(requests, identities, strict=True):
            await self._send(request, identity, known=request.arguments is before)
            before = request.arguments

    async def _send(self, request: Request, identity: str, *, known: bool = False) -> None:
        """Send a request; of arguments that are `known` from the one before, only that."""
        message = wire.pack(
            {
                "id": identity,
                "kind": request.kind,
                "name": request.name,
                "arguments": None if known else list(request.arguments),
                "parameters": list(request.parameters),
                "required": request.required,
                "keeps_seed": request.keeps_seed,
                "reads": list(request.reads),
                "unused": list(request.unused),
                "takes": request.takes,
                "seed": request.seed,
                "traced": request.traced,
                "lines": list(request.lines),
                "source": request.source,
                "answered": [asdict(helper) for helper in request.answered],
            }
        )
        await self._send_message(message)

    async def _send_message(self, message: bytes) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(self._socket, struct.pack("<Q", len(message)) + message)

    async def _said(self) -> tuple[Any, int]:
        """Return what the child says, and of how many bytes it was."""
        message = await self._receive()
        said, elements = wire.unpack_counted(message)
        self._room -= bounds.costs(len(message), elements)
        return said, len(message)

    def _expect(self, request: Request) -> None:
        """Make room for an answer, and for the calls of helpers that may come before it."""
        self._room += bounds.answer_costs(request.due)
        self._room += helping.MAX_BYTES if request.answered else 0

    async def _receive(self) -> bytearray:
        (length,) = struct.unpack("<Q", await self._exactly(8))
        if length > min(wire.MAX_BYTES, self._room):
            raise WireError(f"a message of {length:,} bytes")
        return await self._exactly(length)

    async def _something(self) -> None:
        """Wait until there is something to be read, or the end."""
        loop, there = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._socket, there.set)
        try:
            await there.wait()
        finally:
            loop.remove_reader(self._socket)

    async def _exactly(self, length: int) -> bytearray:
        """Return so many bytes; of memory, only what has come is touched."""
        loop = asyncio.get_running_loop()
        data, got = bytearray(length), 0
        with memoryview(data) as view:
            while got < length:
                part = await loop.sock_recv_into(self._socket, view[got : got + 2**20])
                if not part:
                    raise ChannelClosedError
                got += part
        return data

    def _observation(self, request: Request, answer: Any, size: int, identity: str) -> Observation:
        known = answer.get("id") if isinstance(answer, dict) else None
        if not isinstance(known, str) or known != identity:
            raise ChannelBrokenError
        said = answer.get("status")
        status = next((s for s in _SAID if isinstance(said, str) and s == said), None)
        if status is None:
            raise ChannelBrokenError
        if status in ("unreadable", "not_a_function"):
            why = RaisedError("", clean_text(answer.get("why"), 80))
            return request.observed(status, error=why)
        return request.observed(
            status,
            value=bounds.kept(answer.get("value"), size, request.due),
            printed=clean_text(answer.get("printed"), probe.MAX_PRINTED),
            error=self._error(answer.get("error")) if status == "raised" else None,
            changed=_changed(request, answer.get("changed")),
            steps=bounds.steps(answer.get("steps"), size, request.lines) if request.traced else (),
            warned=_warned(answer.get("warned")),
            own_line=_is_own(answer.get("error"), request.name),
            cpu=_seconds(answer.get("cpu")),
        )

    def _error(self, error: Any) -> RaisedError:
        if not isinstance(error, dict):
            return RaisedError("Exception", "")
        message = clean_text(error.get("message"), probe.MAX_MESSAGE)
        place = self._place(error.get("frames"))
        return RaisedError(clean_text(error.get("type"), 100) or "Exception", message, *place)

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


def _warned(said: Any) -> tuple[str, ...]:
    """Return what NumPy warns of; whatever else a kernel says is not passed on."""
    found = said[: probe.MAX_WARNINGS] if type(said) is list else []
    return tuple(dict.fromkeys(filter(None, map(numpy_warning, found))))


def _seconds(said: Any) -> float:
    return min(said, MAX_CPU) if type(said) is float and said > 0 else 0.0


def _is_own(error: Any, name: str) -> bool:
    """Whether an exception comes from a function's own lines, or from NumPy, called there."""
    frames = error.get("frames") if isinstance(error, dict) else None
    for frame in reversed(frames if isinstance(frames, list) else []):
        if not isinstance(frame, list) or [type(part) for part in frame] != [str, int, int, str]:
            return False
        is_cell = _CELL_FILE.search(frame[3]) or frame[3] == probe.VERSION
        if frame[0].partition(".")[0] == name and is_cell:
            return True
        if "/numpy/" not in frame[3]:
            return False
    return True


def _changed(request: Request, positions: Any) -> tuple[str, ...]:
    """Return the names of the arguments at the positions that the kernel says it has changed."""
    said = positions if isinstance(positions, list) else []
    names = request.parameters
    return tuple(
        names[i] for i in range(len(names)) if any(type(p) is int and p == i for p in said)
    )
