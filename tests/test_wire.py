"""The wire form: exact for plain values, strict for everything else."""

import random
import struct
import tracemalloc
from contextlib import suppress
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.wire import (
    DTYPES,
    MAX_ALIKE,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_HEADER,
    MAX_RARE_KEYS,
    ForeignArray,
    Opaque,
    WireError,
    pack,
    unpack,
)

ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**200), 2**200),
    st.floats(),
    st.complex_numbers(),
    st.text(),
)
ARRAYS = st.sampled_from(list(DTYPES.values())).flatmap(
    lambda dtype: npst.arrays(dtype, npst.array_shapes(min_dims=0, max_dims=4, min_side=0))
)
SCALARS = st.sampled_from(list(DTYPES.values())).flatmap(
    lambda dtype: npst.arrays(dtype, ()).map(lambda array: array[()])
)
KEYS = st.one_of(st.text(), st.integers(), st.tuples(st.text(), st.integers()))
VALUES = st.recursive(
    ATOMS | ARRAYS | SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(KEYS, inner, max_size=4),
    ),
    max_leaves=12,
)


def same(a: Any, b: Any) -> bool:
    """Whether two plain values are alike in type, shape, dtype and every bit."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        return bool((a.dtype, a.shape, a.tobytes()) == (b.dtype, b.shape, b.tobytes()))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return repr(a) == repr(b)


@given(VALUES)
def test_plain_values_come_back_exactly(value: Any) -> None:
    """Types, shapes, dtypes and bits survive."""
    assert same(unpack(pack(value)), value)


def test_subclasses_cross_as_what_they_hold() -> None:
    """A lying subclass arrives as its base class, with its real content."""

    class Float(float):
        def __float__(self) -> float:
            return 1.0

    class Dict(dict[str, float]):
        def items(self) -> Any:
            return [("dw", 0.0)]

    class Array(np.ndarray[Any, Any]):
        def tobytes(self, order: Any = "C") -> bytes:
            return b""

    lying = np.arange(3.0).view(Array)
    assert same(unpack(pack([Float(2.5), Dict(a=1.5), lying])), [2.5, {"a": 1.5}, np.arange(3.0)])


@pytest.mark.parametrize(
    ("value", "arrives"),
    [
        (np.array(["a"]), ForeignArray("str32", (1,))),
        (np.array([None, {}]), ForeignArray("object", (2,))),
        (np.ma.masked_array(np.ones((2, 3)), mask=True), ForeignArray("masked", (2, 3))),
        (np.zeros(2, dtype=[("a", "f8")]), ForeignArray("void64", (2,))),
        ({1, 2}, Opaque("an object of type set")),
        (len, Opaque("an object of type builtin_function_or_method")),
        ((i for i in "ab"), Opaque("an object of type generator")),
        (1 << 10_000, Opaque("an integer of more than 8192 bits")),
    ],
)
def test_what_cannot_cross_is_named(value: object, arrives: object) -> None:
    """It becomes a description that equals nothing expected."""
    assert unpack(pack(value)) == arrives


def test_depth_is_bounded() -> None:
    """A list that holds itself ends in a description instead of a crash."""
    endless: list[Any] = []
    endless.append(endless)
    value = unpack(pack(endless))
    for _ in range(MAX_DEPTH + 1):
        (value,) = value
    assert isinstance(value, Opaque)


def test_an_array_is_checked_before_it_is_made() -> None:
    """A header that claims terabytes is refused for what it is; so is data that is not there."""
    for offset, *shape in ([0, 2**40, 9], [8, 1], [2**62, 1], [0, 2]):
        payload = msgpack.packb(["<f8", offset, *shape])
        with pytest.raises(WireError, match="shape"):
            unpack(message(msgpack.packb(msgpack.ExtType(4, payload)), b"12345678"))


def test_nesting_copies_no_data() -> None:
    """A large array in many lists costs its own size, once."""
    value: Any = np.zeros(2**20)
    for _ in range(20):
        value = [value]
    packed = pack(value)
    tracemalloc.start()
    try:
        unpack(packed)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < len(packed) / 8


def test_elements_are_counted() -> None:
    """A message of many small things would cost the grader many times its size."""
    with pytest.raises(WireError, match="elements"):
        unpack(pack([[None] * 1000] * (MAX_ELEMENTS // 1000)))
    with pytest.raises(WireError):
        unpack(message(b"\xc7\x05\x01\xdd\xff\xff\xff\xff"))  # a list of 2**32 - 1


def message(header: bytes, data: bytes = b"") -> bytes:
    """Return a message of a header and data, well-formed or not."""
    padded = header + bytes(-len(header) % 8)
    return struct.pack("<Q", len(header)) + padded + data


@pytest.mark.parametrize(
    "header",
    [
        b"\xc1",
        msgpack.packb([1, 2]),
        msgpack.packb({"a": 1}),
        msgpack.packb(b"raw"),
        msgpack.packb(msgpack.ExtType(99, b"\x90")),
        msgpack.packb(msgpack.ExtType(1, msgpack.packb([[1]]))),
        msgpack.packb(msgpack.ExtType(3, msgpack.packb(["odd"]))),
        msgpack.packb(msgpack.ExtType(4, msgpack.packb(["O", 0, 1]))),
        msgpack.packb(msgpack.ExtType(4, msgpack.packb(["<f8", 0, -1]))),
        msgpack.packb(msgpack.ExtType(4, msgpack.packb(["<f8", 0, True]))),
        msgpack.packb(msgpack.ExtType(4, msgpack.packb(["<f8", -8, 1]))),
        msgpack.packb(msgpack.ExtType(4, msgpack.packb(["<f8", b"0", 1]))),
        msgpack.packb(msgpack.ExtType(4, msgpack.packb([]))),
        msgpack.packb(msgpack.ExtType(5, msgpack.packb(["<f8", 0, 1]))),
        msgpack.packb(msgpack.ExtType(6, b"ff" * 2000)),
    ],
)
def test_what_pack_does_not_write_is_refused(header: bytes) -> None:
    """Every malformed message is a WireError."""
    with pytest.raises(WireError):
        unpack(message(header, b"12345678"))


@pytest.mark.parametrize("whole", [b"", b"\0" * 8, b"\xff" * 8, struct.pack("<Q", 9) + b"\xc0"])
def test_a_message_that_is_cut_is_refused(whole: bytes) -> None:
    """Nothing is read beyond its end."""
    with pytest.raises(WireError):
        unpack(whole)


@settings(max_examples=300)
@given(VALUES, st.randoms(use_true_random=False))
def test_damaged_messages_are_values_or_errors(value: Any, rng: random.Random) -> None:
    """Flipped, cut and inserted bytes give a plain value or a WireError, nothing else."""
    data = bytearray(pack(value))
    for _ in range(rng.randint(1, 4)):
        position = rng.randrange(len(data) + 1)
        data[position : position + rng.randint(0, 2)] = rng.randbytes(rng.randint(0, 2))
    with suppress(WireError):
        unpack(bytes(data))


@given(st.binary(max_size=200))
def test_random_bytes_are_values_or_errors(data: bytes) -> None:
    """Nothing but a WireError comes out of nonsense."""
    with suppress(WireError):
        unpack(data)


# ---------------------------------------------------------------- what it costs to read


def extension(code: Any, *flat: Any) -> Any:
    """Return an extension that holds a flat array, whether `pack` would have written it or not."""
    return msgpack.ExtType(code, msgpack.packb(list(flat)))


def peak_of_reading(data: bytes) -> int:
    """Return how many bytes are in memory at most while a message is read."""
    tracemalloc.start()
    try:
        with suppress(WireError):
            unpack(data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def nested_text(size: int, levels: int) -> bytes:
    """Return a message of text in lists in lists."""
    value: Any = "x" * size
    for _ in range(levels):
        value = extension(1, value)
    return message(msgpack.packb(value))


def test_what_is_nested_counts_at_every_level() -> None:
    """Each copies what is below it: text in many lists is refused, and costs no more than once."""
    data = nested_text(8 * 2**20, 20)
    with pytest.raises(WireError, match="text and structure"):
        unpack(data)
    assert peak_of_reading(data) < 3 * MAX_HEADER
    assert unpack(nested_text(2**19, 20))
    with pytest.raises(WireError, match="text and structure"):
        pack([[["x" * 8 * 2**20]]])


def test_arrays_share_no_data() -> None:
    """Nor is there any that belongs to none."""
    one, other = extension(4, "<f8", 0, 1), extension(4, "<f8", 8, 1)
    both = unpack(message(msgpack.packb(extension(1, one, other)), bytes(16)))
    assert same(both, [np.zeros(1), np.zeros(1)])
    for header, data in [
        (extension(1, one, one), bytes(8)),
        (extension(1, other, one), bytes(16)),
        (extension(1, one, extension(4, "|i1", 4, 8)), bytes(16)),
        (one, bytes(16)),
        (extension(1), bytes(8)),
    ]:
        with pytest.raises(WireError):
            unpack(message(msgpack.packb(header), data))


HASHED_ALIKE = {
    "integers": [msgpack.ExtType(6, b"%x" % (5 + k * (2**61 - 1))) for k in range(4, 20_000)],
    "in tuples": [
        extension(2, msgpack.ExtType(6, b"%x" % (k * (2**61 - 1))), "a") for k in range(4, 9_000)
    ],
    "complex": [extension(7, float(2**61 * k), float(-k)) for k in range(30_000)],
}


@pytest.mark.parametrize("keys", HASHED_ALIKE.values(), ids=list(HASHED_ALIKE))
def test_keys_of_equal_hash_are_refused(keys: list[Any]) -> None:
    """Before a dict is made of them, which would take seconds."""
    flat = [part for key in keys for part in (key, 0)]
    with pytest.raises(WireError, match="keys"):
        unpack(message(msgpack.packb(extension(3, *flat))))


def test_keys_whose_hash_can_be_chosen_are_counted() -> None:
    """Text and small whole numbers are as many as there may be elements; a few may be alike."""
    many = {n: str(n) for n in range(80_000)} | {f"{n}": n for n in range(10_000)}
    assert unpack(pack(many)) == many
    some = {(n, 0.5): None for n in range(MAX_RARE_KEYS)}
    assert unpack(pack(some)) == some
    alike = {k * (2**61 - 1): k for k in range(MAX_ALIKE)}
    assert unpack(pack(alike)) == alike
    with pytest.raises(WireError, match="not text"):
        pack({n + 0.5: None for n in range(MAX_RARE_KEYS + 1)})


def test_a_shape_is_of_numbers_that_a_shape_can_have() -> None:
    """An array without entries claims no more than others, nor one that did not cross."""
    for code, *flat in [(4, "<f8", 0, 0, 2**62), (9, "object", 2**63)]:
        with pytest.raises(WireError):
            unpack(message(msgpack.packb(extension(code, *flat))))


FORGED = st.recursive(
    st.none() | st.integers(-(2**63), 2**64 - 1) | st.text() | st.sampled_from(list(DTYPES)),
    lambda inner: st.tuples(st.integers(1, 9), st.lists(inner, max_size=5)).map(
        lambda pair: extension(pair[0], *pair[1])
    ),
    max_leaves=20,
)


@settings(max_examples=200)
@given(FORGED, st.integers(0, 64), st.integers(1, 400))
def test_reading_takes_memory_in_proportion(value: Any, size: int, times: int) -> None:
    """Whatever is claimed: a message costs so many times its length, and no more."""
    data = message(msgpack.packb(extension(1, *[value] * times)), bytes(size))
    assert peak_of_reading(data) < 40 * len(data) + 50_000
