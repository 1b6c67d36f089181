"""The grader's end of a kernel's socket: real peers, whatever they send, and what that may cost."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import zmq
import zmq.asyncio
from hypothesis import given
from hypothesis import strategies as st

from grader.execution.zmtp import (
    MAX_COMMANDS,
    MAX_FRAMES,
    MAX_MESSAGE,
    BrokenError,
    Connection,
    Decoder,
    Frames,
    greeting,
    packed,
)

FRAMES = st.lists(st.binary(max_size=600), min_size=1, max_size=5)
READY = greeting("DEALER")  # what the other end says is of the same form


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder whose path is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="zmtp-") as name:
        yield Path(name)


@contextlib.asynccontextmanager
async def connected(path: Path) -> AsyncIterator[tuple[Connection, socket.socket]]:
    """Connect to a peer that is nothing but a socket; it has been greeted."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        ours = await Connection.open(str(path), "SUB")
        theirs, _ = listener.accept()
        with theirs:
            theirs.settimeout(0)
            try:
                yield ours, theirs
            finally:
                ours.close()


async def pour(theirs: socket.socket, data: bytes, most: int) -> int:
    """Send the same again and again until it is not taken any more; return how much was."""
    sent, idle = 0, 0
    while sent < most and idle < 20:
        try:
            sent += theirs.send(data[sent % len(data) :])
            idle = 0
        except BlockingIOError:
            idle += 1
        except OSError:
            break
        await asyncio.sleep(0.01 if idle else 0)
    return sent


# ---------------------------------------------------------------- with libzmq


@given(messages=st.lists(FRAMES, min_size=1, max_size=4))
def test_libzmq_and_we_understand_each_other(messages: list[Frames]) -> None:
    """Any frames, in both directions, as DEALER to a ROUTER and as SUB to an XPUB."""

    async def talk(folder: str) -> None:
        with zmq.asyncio.Context() as context:
            publisher, router = context.socket(zmq.XPUB), context.socket(zmq.ROUTER)
            publisher.bind(f"ipc://{folder}/p")
            router.bind(f"ipc://{folder}/r")
            asks = await Connection.open(f"{folder}/r", "DEALER")
            hears = await Connection.open(f"{folder}/p", "SUB")
            assert await publisher.recv() == b"\x01"
            for frames in messages:
                asks.send(frames)
                sender, *came = await router.recv_multipart()
                assert came == frames
                await router.send_multipart([sender, *frames])
                await publisher.send_multipart(frames)
                assert await asks.receive() == frames
                assert await hears.receive() == frames
            asks.close()
            hears.close()
            publisher.close(linger=0)
            router.close(linger=0)

    with tempfile.TemporaryDirectory(prefix="zmtp-") as folder:
        asyncio.run(asyncio.wait_for(talk(folder), 20))


# ---------------------------------------------------------------- whatever comes


@given(st.lists(FRAMES, max_size=6), st.data())
def test_it_does_not_matter_how_bytes_are_cut(messages: list[Frames], data: st.DataObject) -> None:
    """Messages come out as they went in."""
    sent = READY + b"".join(packed(frames) for frames in messages)
    ends = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=10)))
    decoder, seen = Decoder(), []
    for start, end in zip([0, *ends], [*ends, len(sent)], strict=True):
        seen += decoder.feed(sent[start:end])
    assert seen == messages
    assert decoder.ready


@given(st.booleans(), st.lists(st.binary(max_size=200), max_size=10))
def test_any_bytes_are_messages_or_broken(greeted: bool, parts: list[bytes]) -> None:  # noqa: FBT001
    """No other exception, and nothing is held for long."""
    decoder = Decoder()
    with contextlib.suppress(BrokenError):
        decoder.feed(READY if greeted else b"")
        for part in parts:
            assert all(isinstance(frames, list) for frames in decoder.feed(part))


ENDLESS = {
    "frames of a megabyte": b"\x03" + struct.pack(">Q", 2**20) + bytes(2**20),
    "empty frames": b"\x01\x00" * 2**16,
    "commands": b"\x04\x01\x00" * 2**16,
    "a frame of 2^63 bytes": b"\x03" + struct.pack(">Q", 2**63) + bytes(2**20),
    "a frame of 17 MB": b"\x02" + struct.pack(">Q", 17 * 2**20) + bytes(17 * 2**20),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_what_does_not_end_is_ended(name: str, folder: Path) -> None:
    """The connection is: no more is taken than a message may have."""

    async def talk() -> int:
        async with connected(folder / "s") as (ours, theirs):
            theirs.send(READY)
            sender = asyncio.create_task(pour(theirs, ENDLESS[name], 10 * MAX_MESSAGE))
            with pytest.raises(BrokenError):
                await ours.receive()
            return await sender

    assert asyncio.run(asyncio.wait_for(talk(), 30)) < MAX_MESSAGE + 2**22


def test_what_nobody_takes_is_not_read(folder: Path) -> None:
    """One message waits, and what came with it; the rest stays with the sender."""

    async def talk() -> int:
        async with connected(folder / "s") as (ours, theirs):
            theirs.send(READY)
            data = packed([b"x" * 2**20])
            sent = await pour(theirs, data, 10 * MAX_MESSAGE)
            assert await ours.receive() == [b"x" * 2**20]
            return sent

    assert asyncio.run(asyncio.wait_for(talk(), 30)) < 2**22


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\n".ljust(64),
        READY[:12] + b"CURVE".ljust(52, b"\0"),
        READY[:64] + b"\x04\x06\x05ERROR",
        READY + b"\x08\x00",
    ],
)
def test_another_protocol_is_refused(said: bytes) -> None:
    """At once."""
    with pytest.raises(BrokenError):
        Decoder().feed(said)


def test_the_bounds_themselves() -> None:
    """As many frames and commands as may be are taken."""
    decoder = Decoder()
    decoder.feed(READY)
    frames = [b""] * MAX_FRAMES
    assert decoder.feed(b"\x04\x05\x04PING" * (MAX_COMMANDS - 1) + packed(frames)) == [frames]
    with pytest.raises(BrokenError):
        decoder.feed(packed([*frames, b""]))
