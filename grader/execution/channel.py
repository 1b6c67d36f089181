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
from grader.execution import probe, tracing
from grader.execution.helping import Helping
from grader.execution.lent import Lent
from grader.execution.plan import Definition
from grader.execution.runner import Answerer, Request
from grader.results import Observation, ObservationStatus, Place, RaisedError, Step
from grader.texts import clean_text
from grader.wire import WireError

OPEN_SECONDS = 5.0  # for the fork of a child
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

    async def open(self) -> Channel:
        """Open a channel. Raises ChannelClosedError if the kernel is gone, NoProcessError."""
        number = next(self._numbers)
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                order = probe.ORDER.pack(probe.OPEN, number)
                socket.send_fds(self._socket, [order], [theirs.fileno()])
            channel = Channel(ours, self._definitions, number)
            await channel.greeting()
        except NoProcessError:
            ours.close()
            raise
        except (OSError, TimeoutError, ChannelClosedError, ChannelBrokenError) as error:
            ours.close()
            raise ChannelClosedError from error
        return channel

    def kill(self, channel: Channel) -> None:
        """Have the child at a channel's other end killed, and close the channel."""
        channel.close()
        with contextlib.suppress(OSError):
            self._socket.send(probe.ORDER.pack(probe.KILL, channel.number))


class Channel:
    """Sends requests to a child of the kernel and reads its answers, one at a time."""

    def __init__(
        self, end: socket.socket, definitions: dict[str, Definition], number: int = 0
    ) -> None:
        self._socket = end
        self._definitions = definitions
        self.number = number
        self._socket.settimeout(0)

    def close(self) -> None:
        """Close this end; a child that waits for a request then ends."""
        self._socket.close()

    async def greeting(self) -> None:
        """Wait for the child's first word."""
        async with asyncio.timeout(OPEN_SECONDS):
            word = await self._exactly(1)
        if word == probe.REFUSED:
            raise NoProcessError
        if word != probe.HELLO:
            raise ChannelBrokenError

    async def ask(
        self, request: Request, seconds: float, answerer: Answerer | None = None
    ) -> Observation:
        """Send one request and return what came back; answer for helpers in between.

        Raises TimeoutError after `seconds`, not counting those that answers take,
        ChannelClosedError if the child is gone, ChannelBrokenError if something else than an answer
        came, NoAnswerError where there is none for a helper.
        """
        helping = Helping(request.answered, answerer)
        try:
            async with asyncio.timeout(seconds) as limit:
                identity = secrets.token_hex(16)
                await self._send(request, identity)
                said = await self._said_in_the_end(helping, identity, limit)
        except WireError as error:
            raise ChannelBrokenError from error
        except (ConnectionError, BrokenPipeError) as error:
            raise ChannelClosedError from error
        seen = self._observation(request, said, identity)
        return replace(seen, answered=dict(helping.answered))

    async def lend(self, lent: Lent, answerer: Answerer | None) -> None:
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
        try:
            await self._send_message(wire.pack(message))
            async with asyncio.timeout(None) as limit:
                await self._said_in_the_end(Helping(helpers, answerer), identity, limit)
        except WireError as error:
            raise ChannelBrokenError from error
        except (ConnectionError, BrokenPipeError) as error:
            raise ChannelClosedError from error

    async def _said_in_the_end(
        self, helping: Helping, identity: str, limit: asyncio.Timeout
    ) -> Any:
        """Answer for helpers until something else is said; return that."""
        said, size = await self._said()
        while (call := helping.call_in(said, identity)) is not None:
            await self._send_message(await helping.reply(call, size, limit))
            said, size = await self._said()
        return said

    async def ask_ahead(
        self, requests: Sequence[Request], seconds: float
    ) -> AsyncIterator[Observation]:
        """Send requests without helpers ahead of their answers; yield what comes back, in order.

        Raises what `ask` raises, at the first answer that does not come.
        """
        identities = [secrets.token_hex(16) for _ in requests]
        sender = asyncio.create_task(self._send_all(requests, identities))
        try:
            for request, identity in zip(requests, identities, strict=True):
                async with asyncio.timeout(seconds):
                    said, _ = await self._said()
                yield self._observation(request, said, identity)
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
        return wire.unpack(message), len(message)

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
            why = RaisedError("", clean_text(answer.get("why"), 80))
            return request.observed(status, error=why)
        return request.observed(
            status,
            value=answer.get("value"),
            printed=clean_text(answer.get("printed"), probe.MAX_PRINTED),
            error=self._error(answer.get("error")) if status == "raised" else None,
            changed=_changed(request, answer.get("changed")),
            steps=_steps(answer.get("steps")) if request.traced else (),
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


# What NumPy warns of; whatever else a kernel says is not passed on.
_WARNING = re.compile(r"(?:overflow|divide by zero|invalid value|underflow) encountered in \w+")


def _warned(said: Any) -> tuple[str, ...]:
    found = (
        [_WARNING.match(each) for each in said if type(each) is str] if type(said) is list else []
    )
    return tuple(match[0][:80] for match in found[: probe.MAX_WARNINGS] if match)


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


def _steps(said: Any) -> tuple[Step, ...]:
    """Return what the kernel says that the function's lines have bound, as far as it can be."""
    found = said[: tracing.MAX_STEPS + 1] if isinstance(said, list) else []
    return tuple(
        Step(line, address[: tracing.MAX_ADDRESS], value)
        for line, address, value in (step for step in found if _is_triple(step))
        if type(line) is int and type(address) is str
    )


def _is_triple(step: Any) -> bool:
    return isinstance(step, list) and len(step) == 3


def _changed(request: Request, positions: Any) -> tuple[str, ...]:
    """Return the names of the arguments at the positions that the kernel says it has changed."""
    said = positions if isinstance(positions, list) else []
    names = request.parameters
    return tuple(
        names[i] for i in range(len(names)) if any(type(p) is int and p == i for p in said)
    )
