"""Any JSON on Jupyter's channel: a kernel that says what it likes, on real sockets."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import socket
import tempfile
import time
from types import SimpleNamespace
from typing import Any

import msgspec
import nbformat
import pytest
import zmq
import zmq.asyncio
from hypothesis import given, settings
from hypothesis import strategies as st
from jupyter_client.session import Session

from grader.execution.cells import Kernel, LostCellError
from grader.execution.clock import Budget
from grader.execution.jupyter import QuickClient, WatchedClient
from grader.execution.messages import received
from grader.execution.plan import PlannedCell
from grader.execution.zmtp import BrokenError
from grader.results import CellFailure, Place
from grader.spec import Limits

UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
TEXT = st.text(st.characters(codec=None), max_size=30)  # halves of characters, too
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)
LINES = st.integers(0, 10**30).map(lambda line: f"Cell In[1], line {line}\n----> {line} x")
CONTENT = JSON | st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["ok", "error", "aborted"]) | JSON,
        "execution_state": st.sampled_from(["busy", "idle"]) | JSON,
        "ename": TEXT | JSON,
        "evalue": TEXT | JSON,
        "traceback": st.lists(TEXT | LINES | JSON, max_size=4) | JSON,
        "execution_count": JSON,
        "payload": JSON,
    },
)
KIND = st.sampled_from(["error", "status", "execute_reply", "stream", "display_data", "comm_open"])
CELL = PlannedCell("x = 1\ny = x", Place(3))


class Speaker:
    """Stands for a kernel: sockets, the key, and messages packed without any check."""

    def __init__(self, folder: str, context: zmq.asyncio.Context) -> None:
        self.ip, self.session = f"{folder}/k", Session(key=secrets.token_hex(8).encode())
        self.shell, self.iopub = context.socket(zmq.ROUTER), context.socket(zmq.XPUB)
        self.shell.bind(f"ipc://{self.ip}-1")
        self.iopub.bind(f"ipc://{self.ip}-2")

    def frames(self, kind: Any, content: bytes, parent: Any) -> list[bytes]:
        """Return a signed message."""
        header = {"msg_id": secrets.token_hex(8), "msg_type": kind}
        parts = [json.dumps(part).encode() for part in (header, {"msg_id": parent}, {})]
        parts.append(content)
        return [b"<IDS|MSG>", self.session.sign(parts), *parts]

    async def publish(self, kind: Any, content: bytes, parent: Any) -> None:
        """Say something on iopub."""
        await self.iopub.send_multipart([b"topic", *self.frames(kind, content, parent)])

    async def answer(self, said: list[tuple[str, bytes]], reply: bytes) -> None:
        """Wait for a cell; say all that, that it is done, and the reply."""
        sender, *parts = await self.shell.recv_multipart()
        parent = json.loads(parts[2])["msg_id"]
        for kind, content in said:
            await self.publish(kind, content, parent)
        await self.publish("status", b'{"execution_state": "idle"}', parent)
        await self.shell.send_multipart([sender, *self.frames("execute_reply", reply, parent)])


async def failures_of(said: list[tuple[str, bytes]], reply: bytes) -> list[CellFailure] | None:
    """Run a cell in such a kernel; return what failed, None if the kernel is given up."""
    ours, theirs = socket.socketpair()
    with (
        tempfile.TemporaryDirectory(prefix="jupyter-") as folder,
        zmq.asyncio.Context() as context,
        ours,
        theirs,
    ):
        speaker = Speaker(folder, context)
        client: Any = WatchedClient(nbformat.v4.new_notebook(), timeout=None, allow_errors=True)  # type: ignore[no-untyped-call]
        client.most_output = 10**6
        ports = {"shell_port": 1, "iopub_port": 2}
        channels: Any = QuickClient(transport="ipc", ip=speaker.ip, **ports)
        channels.session.key = speaker.session.key
        client.kc = channels
        channels.start_channels()
        await channels.connect()
        assert await speaker.iopub.recv() == b"\x01"
        manager: Any = SimpleNamespace(leash=None)
        kernel = Kernel(client, manager, Limits(cell_seconds=2), Budget(10), ours)
        speaking = asyncio.create_task(speaker.answer(said, reply))
        try:
            return [failure async for failure in kernel.run_cells([CELL])]
        except LostCellError:
            return None
        finally:
            speaking.cancel()
            channels.stop_channels()
            speaker.shell.close(linger=0)
            speaker.iopub.close(linger=0)


def fit(found: list[CellFailure] | None) -> None:
    """See that what is reported can be recorded: clean, short, of a line that exists."""
    for failure in found or []:
        assert msgspec.json.decode(msgspec.json.encode(failure), type=CellFailure) == failure
        told = failure.error
        assert not UNFIT.search(told.type + told.message)
        assert len(told.type) <= 100
        assert len(told.message) <= 500
        assert failure.place in {Place(3), Place(3, 1), Place(3, 2)}


@settings(max_examples=60)
@given(st.lists(st.tuples(KIND, CONTENT), max_size=3), CONTENT)
def test_any_json_is_a_failure_or_the_loss_of_a_cell(
    said: list[tuple[str, Any]], reply: Any
) -> None:
    """Never another exception, and never for long."""
    packed = [(kind, json.dumps(content).encode()) for kind, content in said]
    began = time.monotonic()
    fit(asyncio.run(asyncio.wait_for(failures_of(packed, json.dumps(reply).encode()), 8)))
    assert time.monotonic() - began < 8


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 10_000_000,
        b'{"a":' * 2_000_000,
        b'{"ename": ' + b"[" * 10_000_000,
        b'{"traceback": [' + b"[]," * 3_000_000 + b"[]]}",
        b'{"ename": 1e999, "evalue": NaN, "traceback": -Infinity}',
        b'{"ename": ' + b"9" * 100_000 + b"}",
        b'{"ename": "a", "ename": "b", "ename": {}}',
        b'{"ename": "\xff\xfe", "evalue": "\\ud800\\u0000", "traceback": ["\\udfff"]}',
        b"\xff\xfe\x00",
        b"",
        b"null",
        b'"' + b"x" * 5_000_000 + b'"',
        b'{"ename": "' + b"x" * 12_000_000 + b'"}',
    ],
    ids=lambda content: content[:20].decode("latin-1"),
)
def test_odd_content(content: bytes) -> None:
    """Of an error, and of the reply."""
    ok = b'{"status": "ok"}'
    fit(asyncio.run(asyncio.wait_for(failures_of([("error", content)], ok), 8)))
    fit(asyncio.run(asyncio.wait_for(failures_of([], content), 8)))


def test_an_honest_error_is_reported_as_it_is() -> None:
    """In any script."""
    said = {
        "ename": "ValueError",
        "evalue": "größer als 👩‍🔬 – 数",
        "traceback": [
            "\x1b[31mValueError\x1b[39m        Traceback (most recent call last)",
            "\x1b[36mCell In[1], line 2\x1b[39m\n      1 x = 1\n----> 2 y = x",
        ],
    }
    error, ok = ("error", json.dumps(said).encode()), b'{"status": "ok"}'
    (failure,) = asyncio.run(failures_of([error], ok)) or []
    assert failure.place == Place(3, 2)
    assert (failure.error.type, failure.error.message) == ("ValueError", said["evalue"])


@given(st.lists(st.binary(max_size=40), max_size=8), st.booleans())
def test_any_frames_are_a_message_or_broken(frames: list[bytes], delimited: bool) -> None:  # noqa: FBT001
    """Signed or not."""
    session = Session(key=b"key")
    if delimited and len(frames) > 4:
        frames = [b"<IDS|MSG>", session.sign(frames[1:5]), *frames[1:]]
    try:
        message = received(frames, session)
    except BrokenError:
        return
    assert {"header", "msg_type", "parent_header", "content", "size"} <= message.keys()
