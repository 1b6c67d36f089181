"""Any bytes on our own channel: an observation, or one of the exceptions that have names."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import socket
import struct
from typing import Any

import msgpack
from hypothesis import given
from hypothesis import strategies as st

from grader import wire
from grader.execution.channel import Channel, ChannelBrokenError, ChannelClosedError
from grader.execution.clock import Budget, Clock
from grader.execution.runner import Request
from grader.results import Observation

REQUEST = Request("f", "visible-1", "function", "f", (1.0,), ("x",), 1, traced=True)
UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
TEXT = st.text(max_size=20) | st.sampled_from(["\x00", "\x1b[31m", "9" * 5000, "\u202e"])
KEY = TEXT | st.integers() | st.none() | st.booleans() | st.floats()
VALUE = st.recursive(
    KEY | st.complex_numbers() | st.builds(wire.Opaque, st.text(max_size=8)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(KEY, inner, max_size=3)
    ),
    max_leaves=10,
)
ANSWER = st.fixed_dictionaries(
    {"status": st.sampled_from(["returned", "raised", "unreadable", "not_a_function", "lost"])},
    optional={
        "value": VALUE,
        "printed": TEXT | VALUE,
        "why": TEXT | VALUE,
        "error": st.fixed_dictionaries(
            {}, optional={"type": TEXT | VALUE, "message": TEXT | VALUE, "frames": VALUE}
        )
        | VALUE,
        "changed": VALUE,
        "steps": st.lists(st.tuples(VALUE, VALUE, VALUE).map(list), max_size=3) | VALUE,
        "warned": st.lists(TEXT, max_size=3) | VALUE,
        "cpu": VALUE,
        "call": VALUE,
    },
)
ATOM = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text()
PACKED = st.recursive(
    ATOM | st.binary(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(st.integers(0, 20), inner).map(
            lambda pair: msgpack.ExtType(pair[0], msgpack.packb(pair[1], use_bin_type=True))
        )
    ),
    max_leaves=12,
)


def framed(message: bytes) -> bytes:
    """Return a message as it is sent."""
    return struct.pack("<Q", len(message)) + message


async def asked(answer: Any) -> Observation | None:
    """Ask a child whose answer is `answer(its request's id)`; None for an exception with a name."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        channel, loop = Channel(ours, {}), asyncio.get_running_loop()
        theirs.setblocking(False)  # noqa: FBT003
        asking = asyncio.create_task(channel.ask(REQUEST, Clock(Budget(60), 0, 0), 0.5))
        question = await loop.sock_recv(theirs, 2**16)
        await loop.sock_sendall(theirs, answer(wire.unpack(question[8:])["id"]))
        theirs.close()
        with contextlib.suppress(TimeoutError, ChannelBrokenError, ChannelClosedError):
            return await asking
    return None


def fit(seen: Observation | None) -> None:
    """See that texts can be recorded, and nothing is of another kind than it should be."""
    if seen is None:
        return
    error = seen.error
    texts = [seen.printed, *seen.warned, *([error.type, error.message] if error else [])]
    for text in texts:
        assert type(text) is str
        assert not UNFIT.search(text)
        json.dumps(text, ensure_ascii=False).encode()
    assert all(type(step.line) is int and type(step.address) is str for step in seen.steps)
    assert 0 <= seen.cpu <= 60


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    """They are no answer: nobody but the child knows the request's number."""
    assert asyncio.run(asked(lambda _: data)) is None


@given(st.binary(max_size=300), st.integers(0, 400))
def test_any_bytes_as_a_message(data: bytes, header: int) -> None:
    """Of the length that it says."""
    assert asyncio.run(asked(lambda _: framed(struct.pack("<Q", header) + data))) is None


@given(PACKED)
def test_any_msgpack_as_a_message(value: Any) -> None:
    """Extensions of any content, in any order."""
    header = msgpack.packb(value, use_bin_type=True)
    assert asyncio.run(asked(lambda _: framed(struct.pack("<Q", len(header)) + header))) is None


@given(ANSWER)
def test_any_answer(answer: dict[str, Any]) -> None:
    """Of one that knows the request's number: what it says is text, or nothing."""
    fit(asyncio.run(asked(lambda identity: framed(wire.pack({**answer, "id": identity})))))
