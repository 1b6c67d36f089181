"""The grader's end of a kernel's socket: ZMTP 3.0 without security (RFC 23), bounded.

libzmq bounds a frame, and counts whole messages: of one that never ends it keeps all frames. So the
grader speaks the protocol itself. It holds one message at most, of so many bytes and frames, and
reads on when that one has been taken.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from typing import Literal, cast

MAX_MESSAGE = 16 * 2**20  # bytes of all frames
MAX_FRAMES = 1_000
MAX_COMMANDS = 100  # of a connection: a kernel sends one or two
FRAME_COST = 100  # bytes that even an empty frame takes
_MORE, _LONG, _COMMAND = 1, 2, 4
_SIGNATURE = b"\xff" + bytes(8) + b"\x7f"
_GREETING = _SIGNATURE + bytes([3, 0]) + b"NULL".ljust(20, b"\0") + bytes(32)
_READY = b"\x05READY"
_SUBSCRIPTION = [b"\x01"]  # to all topics

Frames = list[bytes]


class BrokenError(ConnectionError):
    """What came is not the protocol, or more of it than is taken."""


def packed(frames: Frames) -> bytes:
    """Return a message as it is sent."""
    last = len(frames) - 1
    return b"".join(_frame(frame, _MORE if i < last else 0) for i, frame in enumerate(frames))


def _frame(body: bytes, flags: int) -> bytes:
    if len(body) < 256:
        return bytes([flags, len(body)]) + body
    return struct.pack(">BQ", flags | _LONG, len(body)) + body


def greeting(kind: Literal["DEALER", "SUB"]) -> bytes:
    """Return what the one who connects says first; messages wait until the other end is ready."""
    name, value = b"Socket-Type", kind.encode()
    ready = _READY + bytes([len(name)]) + name + struct.pack(">I", len(value)) + value
    return _GREETING + _frame(ready, _COMMAND)


class Decoder:
    """Takes bytes as they come; gives messages. Raises BrokenError, and then takes nothing more."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._greeted, self._commands = False, 0
        self.ready = False  # whether the other end takes messages
        self._frames: Frames = []
        self._size = 0  # of the frames of the message that is not complete

    def feed(self, data: bytes) -> list[Frames]:
        """Return the messages that are complete now."""
        self._data += data
        at = 0 if self._greeted else self._greeting()
        messages = []
        while (frame := self._next(at)) is not None:
            flags, body, at = frame
            if flags & _COMMAND:
                self._take_command(body)
                continue
            self._frames.append(body)
            self._size += FRAME_COST + len(body)
            if not flags & _MORE:
                messages.append(self._frames)
                self._frames, self._size = [], 0
        del self._data[:at]
        return messages

    def _greeting(self) -> int:
        """Look at the other end's greeting; return its length, 0 as long as it is not there."""
        end = len(_GREETING)
        if len(self._data) < end:
            return 0
        said = self._data
        if (said[0], said[9]) != (0xFF, 0x7F) or said[10] < 3 or said[12:32] != _GREETING[12:32]:
            raise BrokenError("a greeting of another protocol")
        self._greeted = True
        return end

    def _next(self, at: int) -> tuple[int, bytes, int] | None:
        """Return flags, body and end of the frame that begins there, None if it is not all there.

        Its length is looked at before the rest is waited for.
        """
        if not self._greeted or len(self._data) < at + 2:
            return None
        flags, head = self._data[at], 2
        if flags & ~(_MORE | _LONG | _COMMAND):
            raise BrokenError("a frame with unknown flags")
        size = self._data[at + 1]
        if flags & _LONG:
            head = 9
            if len(self._data) < at + head:
                return None
            (size,) = struct.unpack_from(">Q", self._data, at + 1)
        if self._size + FRAME_COST + size > MAX_MESSAGE or len(self._frames) >= MAX_FRAMES:
            raise BrokenError("a message of too many bytes or frames")
        end = at + head + size
        return (flags, bytes(self._data[at + head : end]), end) if len(self._data) >= end else None

    def _take_command(self, body: bytes) -> None:
        self._commands += 1
        self.ready = self.ready or body.startswith(_READY)
        if not self.ready or self._commands > MAX_COMMANDS:
            raise BrokenError("a refusal, or commands without end")


class Connection(asyncio.Protocol):
    """One connection to a kernel's socket. For one event loop."""

    def __init__(self) -> None:
        self._decoder = Decoder()
        self._waiting: deque[Frames] = deque()
        self._unsent: list[bytes] = []
        self._arrived = asyncio.Event()
        self._error: BrokenError | None = None
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def open(cls, path: str, kind: Literal["DEALER", "SUB"]) -> Connection:
        """Connect to a Unix socket. Raises OSError."""
        end = socket.socket(socket.AF_UNIX)
        end.setblocking(False)  # noqa: FBT003
        try:
            end.connect(path)  # at once, or not: it is there
            loop = asyncio.get_running_loop()
            _, made = await loop.create_connection(cls, sock=end)
        except BaseException:
            end.close()
            raise
        made._write(greeting(kind))
        if kind == "SUB":
            made.send(_SUBSCRIPTION)
        return made

    def send(self, frames: Frames) -> None:
        """Send a message, as soon as the other end is ready; none where it is gone."""
        self._unsent.append(packed(frames))
        self._flush()

    def _flush(self) -> None:
        if self._decoder.ready and self._unsent:
            self._write(b"".join(self._unsent))
            self._unsent.clear()

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    async def receive(self) -> Frames:
        """Return the next message; waits for ever if the other end is gone.

        Whoever looks after the process sees its end. Raises BrokenError.
        """
        while not self._waiting:
            if self._error:
                raise self._error
            self._arrived.clear()
            if self._transport is not None:
                self._transport.resume_reading()
            await self._arrived.wait()
        return self._waiting.popleft()

    def close(self) -> None:
        """End the connection; nothing more is read."""
        if self._transport is not None:
            self._transport.abort()
        self._transport = None
        self._decoder = Decoder()  # what came of a message that is not complete goes

    # ------------------------------------------------------------ called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note of the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Take what came; read no more while a message waits."""
        try:
            self._waiting.extend(self._decoder.feed(data))
        except BrokenError as error:
            self._error = BrokenError(*error.args)  # whose frames do not hold what has come
            self.close()
        self._flush()
        if self._waiting and self._transport is not None:
            self._transport.pause_reading()
        if self._waiting or self._error:
            self._arrived.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Take note that there is nobody to send to."""
        self._transport = None
