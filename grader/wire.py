"""Plain values as bytes: what may pass between the grader and a student's process.

Nothing but None, bool, int, float, complex, str, list, tuple, dict, NumPy scalars and exact
`numpy.ndarray`s of a fixed list of dtypes comes out of `unpack`, whatever went in: no pickle, no
classes, no object arrays. What cannot cross arrives as an `Opaque` or a `ForeignArray`, which equal
nothing that is expected.

`pack` also runs in the student's process, so this module imports nothing of ours; there it only
has to be convenient, since nothing the student's process says about itself is believed. `unpack`
runs in the grader and has to be strict.

A message is eight bytes of length, a msgpack header of that length, and the arrays' data one behind
another, to which the header refers by offset: so no level of nesting copies them. Every container
is an extension type whose payload is a flat msgpack array, so that depth is counted and nothing is
allocated that was not sent. Each level copies the payloads below it, so these are counted at every
level. Every byte of the data belongs to one array: none is read twice, none is there for nothing.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import Any

import msgpack
import numpy as np

MAX_BYTES = 64 * 2**20
MAX_HEADER = 16 * 2**20  # bytes of text and structure; what is nested counts at every level
MAX_DEPTH = 24
MAX_ELEMENTS = 200_000  # of all lists, tuples and dicts of a message
MAX_DIMENSIONS = 32
# Of what a sender can choose the hash of, a dict may be made slow: keys other than text and small
# whole numbers are counted in a message, and those of one hash in a dict.
MAX_RARE_KEYS = 20_000
MAX_ALIKE = 16
_SMALL = 2**24
MAX_BITS = 8192  # of an integer

_LIST, _TUPLE, _DICT, _ARRAY, _SCALAR, _BIG_INT, _COMPLEX, _OPAQUE, _FOREIGN = range(1, 10)

# A fixed list: a name that comes over the wire is looked up here and never parsed.
DTYPES = {
    name: np.dtype(name)
    for name in (
        *("|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8"),
        *("<f2", "<f4", "<f8", "<c8", "<c16"),
    )
}


# Bound here, before a student's notebook can put others in their places.
_packb, _unpackb, _ExtType = msgpack.packb, msgpack.unpackb, msgpack.ExtType
_asarray, _empty, _frombuffer = np.asarray, np.empty, np.frombuffer
_ndarray, _generic = np.ndarray, np.generic
_MaskedArray, _getmaskarray = np.ma.MaskedArray, np.ma.getmaskarray
_length = struct.Struct("<Q")
_ALIGNMENT = 8  # bytes


class WireError(ValueError):
    """The bytes are not a valid message."""


@dataclass(frozen=True)
class Opaque:
    """A value that did not cross; `description` says what it was, in the sender's words."""

    description: str

    def __repr__(self) -> str:
        """Return what a reader may see of it, such as in a dictionary's keys."""
        return f"<{self.description}>"


@dataclass(frozen=True)
class ForeignArray:
    """An array whose dtype may not cross (object, string, structured, masked): shape and dtype."""

    dtype: str
    shape: tuple[int, ...]

    def __repr__(self) -> str:
        """Return what a reader may see of it."""
        return f"<an array of dtype {self.dtype}>"


def pack(value: object) -> bytes:
    """Turn any value into a message; what cannot cross becomes an `Opaque` or a `ForeignArray`.

    Raises WireError if the message would be longer, or have more of anything, than can be read.
    """
    encoder = _Encoder()
    header = encoder.header(value)
    length, header = len(header), _padded(header)
    size = _length.size + len(header) + encoder.size
    if size > MAX_BYTES:
        raise WireError(f"it has {size:,} bytes; at most {MAX_BYTES:,} may be sent")
    return b"".join([_length.pack(length), header, *encoder.data])


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % _ALIGNMENT)


def unpack(message: bytes | bytearray) -> Any:
    """Turn a message back into plain values; arrays are read-only parts of it.

    Raises WireError for anything that `pack` would not have written.
    """
    return unpack_counted(message)[0]


def unpack_counted(message: bytes | bytearray) -> tuple[Any, int]:
    """Turn a message back, as `unpack` does; return how many elements it has, too."""
    if not _length.size < len(message) <= MAX_BYTES:
        raise WireError(f"a message of {len(message):,} bytes")
    try:
        (header,) = _length.unpack_from(message)
        if header > len(message) - _length.size:
            raise WireError("a header that is longer than its message")
        end = _length.size + header
        whole = memoryview(message).toreadonly()
        decoder = _Decoder(whole, end + -header % _ALIGNMENT)
        return decoder.whole(whole[_length.size : end]), decoder.elements
    except WireError:
        raise
    except (ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise WireError(f"malformed message: {type(error).__name__}") from error


# ---------------------------------------------------------------- writing


class _Encoder:
    """Writes one message: the header's parts, and the arrays' data beside it."""

    def __init__(self) -> None:
        self.data: list[bytes] = []
        self.size = 0
        self._left, self._room, self._rare = MAX_ELEMENTS, MAX_HEADER, MAX_RARE_KEYS

    def header(self, value: Any) -> bytes:
        """Return the header; the arrays' data are in `data` then."""
        return self._packed(self.encode(value, 0))

    def encode(self, value: Any, depth: int) -> Any:
        """Return what msgpack has to write for a value."""
        if depth > MAX_DEPTH:
            return self._opaque(f"something nested more than {MAX_DEPTH} levels deep")
        if isinstance(value, _ndarray | _generic):
            return self._numpy(value)
        if isinstance(value, list | tuple | dict):
            return self._container(value, depth + 1)
        if not isinstance(value, bool | int | float | str | None):
            self._count(2)  # a complex number has two parts
        return self._atom(value)

    def _container(self, value: Any, depth: int) -> Any:
        # Through the base class: a subclass may lie in __iter__, __len__ or items.
        if isinstance(value, dict):
            flat = [part for item in dict.items(value) for part in item]
            self._count(len(flat))
            self._rare -= len([key for key in flat[0::2] if _is_rare(key)])
            if self._rare < 0:
                raise WireError(f"it has more than {MAX_RARE_KEYS:,} keys that are not text")
            return self._ext(_DICT, [self.encode(part, depth) for part in flat])
        base: Any = list if isinstance(value, list) else tuple
        code = _LIST if base is list else _TUPLE
        self._count(base.__len__(value))
        return self._ext(code, [self.encode(part, depth) for part in base.__iter__(value)])

    def _count(self, elements: int) -> None:
        """Count as the reader does, so that nothing is sent that cannot be read."""
        self._left -= elements
        if self._left < 0:
            raise WireError(f"it has more than {MAX_ELEMENTS:,} elements")

    def _numpy(self, value: Any) -> Any:
        if isinstance(value, _MaskedArray) and _getmaskarray(value).any():
            self._count(1 + value.ndim)
            return self._foreign("masked", value.shape)
        array = _asarray(value).view(_ndarray)
        if array.dtype.kind in "fc" and array.dtype.itemsize > (
            8 if array.dtype.kind == "f" else 16
        ):
            array = array.astype("f8" if array.dtype.kind == "f" else "c16")  # long double
        array = array.astype(array.dtype.newbyteorder("<"), copy=False)
        if array.dtype.str not in DTYPES:
            self._count(1 + array.ndim)
            return self._foreign(array.dtype.name or array.dtype.str, array.shape)
        code = _SCALAR if isinstance(value, _generic) else _ARRAY
        self._count(2 + array.ndim)
        return self._ext(code, [array.dtype.str, self._put(array), *array.shape])

    def _put(self, array: Any) -> int:
        """Put an array's data behind the others'; return its offset."""
        if self.size + array.nbytes > MAX_BYTES:
            raise WireError(f"its arrays have more than the {MAX_BYTES:,} bytes that may be sent")
        offset = self.size
        self.data.append(_padded(array.tobytes()))
        self.size += len(self.data[-1])
        return offset

    def _atom(self, value: Any) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, float):
            return float.__float__(value)
        if isinstance(value, int):
            exact = int.__int__(value)
            return exact if -(2**63) <= exact < 2**63 else self._big_int(exact)
        if isinstance(value, str):
            return str.__str__(value).encode("utf-8", "replace").decode()
        if isinstance(value, complex):
            return self._ext(_COMPLEX, [value.real, value.imag])
        return self._opaque(f"an object of type {type(value).__qualname__}")

    def _big_int(self, value: int) -> Any:
        if value.bit_length() > MAX_BITS:
            return self._opaque(f"an integer of more than {MAX_BITS} bits")
        return _ExtType(_BIG_INT, b"%x" % value)

    def _opaque(self, description: str) -> Any:
        return self._ext(_OPAQUE, [description[:200]])

    def _foreign(self, dtype: str, shape: tuple[int, ...]) -> Any:
        return self._ext(_FOREIGN, [dtype[:100], *shape])

    def _ext(self, code: int, flat: list[Any]) -> Any:
        return _ExtType(code, self._packed(flat))

    def _packed(self, value: Any) -> bytes:
        packed: bytes = _packb(value, use_bin_type=True)
        self._room -= len(packed)
        if self._room < 0:
            raise WireError(f"its text and structure have more than {MAX_HEADER:,} bytes")
        return packed


def _is_rare(key: Any) -> bool:
    """Whether a sender can choose the hash of a key: text is hashed with a secret of each process.

    Nor can much be chosen of whole numbers that are small.
    """
    return type(key) is not str and not (type(key) is int and -_SMALL < key < _SMALL)


# ---------------------------------------------------------------- reading


class _Native(list[Any]):
    """An array of msgpack's own, as against a list that came in an extension."""


class _Decoder:
    """Reads one message: it counts what costs more here than there."""

    def __init__(self, message: memoryview, data: int) -> None:
        """Take the whole message, and where its arrays' data begin."""
        self._message, self._first, self._data = message, data, data
        self._left, self._room, self._rare = MAX_ELEMENTS, MAX_HEADER, MAX_RARE_KEYS

    @property
    def elements(self) -> int:
        """How many elements have been read."""
        return MAX_ELEMENTS - self._left

    def whole(self, header: memoryview) -> Any:
        """Read the value that the message is of, and all of its data."""
        value = self._one_level(header, 0)
        if isinstance(value, _Native | bytes):
            raise WireError("a bare array or bytes")
        if self._data < len(self._message):
            raise WireError("data of no array")
        return value

    def _flat(self, data: bytes, depth: int) -> list[Any]:
        """Read the payload of an extension: one array, whose elements are atoms or extensions."""
        value = self._one_level(data, depth)
        if type(value) is not _Native or any(type(part) in (_Native, bytes) for part in value):
            raise WireError("an extension must hold one flat array")
        return list(value)

    def _one_level(self, data: bytes | memoryview, depth: int) -> Any:
        self._room -= len(data)
        if self._room < 0:
            raise WireError(f"text and structure of more than {MAX_HEADER:,} bytes")
        value = _unpackb(
            data,
            ext_hook=lambda code, payload: self._extension(code, bytes(payload), depth + 1),
            list_hook=_Native,
            raw=False,
            max_array_len=min(self._left, len(data)),
            max_map_len=0,
        )
        self._left -= len(value) if type(value) is _Native else 0
        if self._left < 0:
            raise WireError(f"more than {MAX_ELEMENTS:,} elements")
        return value

    def _extension(self, code: int, payload: bytes, depth: int) -> Any:
        if depth > MAX_DEPTH + 2:
            raise WireError("nested too deeply")
        if code == _BIG_INT:
            return _decode_big_int(payload)
        flat = self._flat(payload, depth)
        if code in (_ARRAY, _SCALAR):
            return self._array(flat, scalar=code == _SCALAR)
        if code == _LIST:
            return flat
        if code == _TUPLE:
            return tuple(flat)
        if code == _DICT:
            return self._dict(flat)
        return _decode_rare(code, flat)

    def _array(self, flat: list[Any], *, scalar: bool) -> Any:
        dtype_name, offset, *dimensions = flat
        dtype = DTYPES.get(dtype_name) if type(dtype_name) is str else None
        if dtype is None or type(offset) is not int or offset < 0:
            raise WireError("an array of an unknown dtype, or nowhere")
        shape = _shape(dimensions)
        start = self._taken(offset, math.prod(shape) * dtype.itemsize)
        if scalar and shape != ():
            raise WireError("a scalar with a shape")
        if 0 in shape:
            return _empty(shape, dtype)
        array = _frombuffer(self._message, dtype, math.prod(shape), start).reshape(shape)
        return array[()] if scalar else array

    def _taken(self, offset: int, size: int) -> int:
        """Return where an array's data begin: behind those of the one before it."""
        start = self._data
        if self._first + offset != start or size > len(self._message) - start:
            raise WireError("an array whose shape does not fit its data")
        self._data = start + size + -size % _ALIGNMENT
        return start

    def _dict(self, flat: list[Any]) -> dict[Any, Any]:
        keys = flat[0::2]
        if len(flat) % 2 or any(isinstance(key, list | dict | _ndarray) for key in keys):
            raise WireError("a dict must hold pairs of a plain key and a value")
        if rare := [key for key in keys if _is_rare(key)]:
            self._check_hashes(rare)
        return dict(zip(keys, flat[1::2], strict=True))

    def _check_hashes(self, keys: list[Any]) -> None:
        """Refuse keys that would make a dict slow; sorting their hashes is not."""
        self._rare -= len(keys)
        if self._rare < 0:
            raise WireError(f"more than {MAX_RARE_KEYS:,} keys that are not text")
        hashes = sorted(map(hash, keys))
        if any(a == b for a, b in zip(hashes, hashes[MAX_ALIKE:], strict=False)):
            raise WireError("keys of equal hash")


def _decode_rare(code: int, flat: list[Any]) -> Any:
    if code == _COMPLEX:
        real, imag = flat
        return complex(real, imag)
    if code == _OPAQUE and [type(part) for part in flat] == [str]:
        return Opaque(flat[0][:200])
    if code == _FOREIGN and flat and type(flat[0]) is str:
        return ForeignArray(flat[0][:100], _shape(flat[1:]))
    raise WireError(f"unknown extension {code}")


def _decode_big_int(payload: bytes) -> int:
    if len(payload) > 2100:
        raise WireError("an integer that is too long")
    return int(payload, 16)


def _shape(dimensions: list[Any]) -> tuple[int, ...]:
    possible = (type(n) is int and 0 <= n < 2**63 for n in dimensions)
    if len(dimensions) > MAX_DIMENSIONS or not all(possible):
        raise WireError("an impossible shape")
    return tuple(dimensions)
