"""Plain values as bytes: what may pass between the grader and a student's process.

Nothing but None, bool, int, float, complex, str, list, tuple, dict, NumPy scalars and exact
`numpy.ndarray`s of a fixed list of dtypes comes out of `unpack`, whatever went in: no pickle, no
classes, no object arrays. What cannot cross arrives as an `Opaque` or a `ForeignArray`, which equal
nothing that is expected.

`pack` also runs in the student's process, so this module imports nothing of ours; there it only
has to be convenient, since nothing the student's process says about itself is believed. `unpack`
runs in the grader and has to be strict.

A message is msgpack. Every container is an extension type whose payload is a flat msgpack array,
so that depth is counted and nothing is allocated that was not sent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import msgpack
import numpy as np

MAX_BYTES = 64 * 2**20
MAX_DEPTH = 24
MAX_ELEMENTS = 1_000_000  # of all lists, tuples and dicts of a message
MAX_DIMENSIONS = 32

_LIST, _TUPLE, _DICT, _ARRAY, _SCALAR, _BIG_INT, _COMPLEX, _OPAQUE, _FOREIGN = range(1, 10)

# A fixed list: a name that comes over the wire is looked up here and never parsed.
DTYPES = {
    name: np.dtype(name)
    for name in (
        *("|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8"),
        *("<f2", "<f4", "<f8", "<c8", "<c16"),
    )
}


class WireError(ValueError):
    """The bytes are not a valid message."""


@dataclass(frozen=True)
class Opaque:
    """A value that did not cross; `description` says what it was, in the sender's words."""

    description: str


@dataclass(frozen=True)
class ForeignArray:
    """An array whose dtype may not cross (object, string, structured, masked): shape and dtype."""

    dtype: str
    shape: tuple[int, ...]


def pack(value: object) -> bytes:
    """Turn any value into a message; what cannot cross becomes an `Opaque` or a `ForeignArray`.

    Raises WireError if the message would be longer than MAX_BYTES.
    """
    message: bytes = msgpack.packb(_encode(value, 0), use_bin_type=True)
    if len(message) > MAX_BYTES:
        raise WireError(f"a message of {len(message):,} bytes; at most {MAX_BYTES:,} may be sent")
    return message


def unpack(message: bytes) -> Any:
    """Turn a message back into plain values; arrays are read-only.

    Raises WireError for anything that `pack` would not have written.
    """
    if len(message) > MAX_BYTES:
        raise WireError(f"a message of {len(message):,} bytes")
    try:
        return _Decoder().value(message, 0)
    except WireError:
        raise
    except (ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise WireError(f"malformed message: {type(error).__name__}") from error


# ---------------------------------------------------------------- writing


def _encode(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        return _opaque(f"something nested more than {MAX_DEPTH} levels deep")
    if isinstance(value, np.ndarray | np.generic):
        return _encode_numpy(value)
    if isinstance(value, list | tuple | dict):
        return _encode_container(value, depth + 1)
    return _encode_atom(value)


def _encode_container(value: Any, depth: int) -> msgpack.ExtType:
    # Through the base class: a subclass may lie in __iter__, __len__ or items.
    if isinstance(value, dict):
        flat = [part for item in dict.items(value) for part in item]
        return _ext(_DICT, [_encode(part, depth) for part in flat])
    base: Any = list if isinstance(value, list) else tuple
    code = _LIST if base is list else _TUPLE
    return _ext(code, [_encode(part, depth) for part in base.__iter__(value)])


def _encode_atom(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, int):
        exact = int.__int__(value)
        return exact if -(2**63) <= exact < 2**63 else _encode_big_int(exact)
    if isinstance(value, str):
        return str.__str__(value).encode("utf-8", "replace").decode()
    if isinstance(value, complex):
        return _ext(_COMPLEX, [value.real, value.imag])
    return _opaque(f"an object of type {type(value).__qualname__}")


def _encode_big_int(value: int) -> msgpack.ExtType:
    if value.bit_length() > 8192:
        return _opaque("an integer of more than 8192 bits")
    return msgpack.ExtType(_BIG_INT, b"%x" % value)


def _encode_numpy(value: Any) -> msgpack.ExtType:
    if isinstance(value, np.ma.MaskedArray) and np.ma.getmaskarray(value).any():
        return _foreign("masked", value.shape)
    array = np.asarray(value).view(np.ndarray)
    if array.dtype.kind in "fc" and array.dtype.itemsize > (8 if array.dtype.kind == "f" else 16):
        array = array.astype("f8" if array.dtype.kind == "f" else "c16")  # long double
    array = array.astype(array.dtype.newbyteorder("<"), copy=False)
    if array.dtype.str not in DTYPES:
        return _foreign(array.dtype.name or array.dtype.str, array.shape)
    code = _SCALAR if isinstance(value, np.generic) else _ARRAY
    return _ext(code, [array.dtype.str, array.tobytes(), *array.shape])


def _ext(code: int, flat: list[Any]) -> msgpack.ExtType:
    return msgpack.ExtType(code, msgpack.packb(flat, use_bin_type=True))


def _opaque(description: str) -> msgpack.ExtType:
    return _ext(_OPAQUE, [description[:200]])


def _foreign(dtype: str, shape: tuple[int, ...]) -> msgpack.ExtType:
    return _ext(_FOREIGN, [dtype[:100], *shape])


# ---------------------------------------------------------------- reading


class _Native(list[Any]):
    """An array of msgpack's own, as against a list that came in an extension."""


class _Decoder:
    """Reads one message: it counts the elements, which cost more here than there."""

    def __init__(self) -> None:
        self._left = MAX_ELEMENTS

    def value(self, data: bytes, depth: int) -> Any:
        """Read a value that stands by itself."""
        value = self._one_level(data, depth)
        if isinstance(value, _Native | bytes):
            raise WireError("a bare array or bytes")
        return value

    def _flat(self, data: bytes, depth: int) -> list[Any]:
        """Read the payload of an extension: one array, whose elements are atoms or extensions."""
        value = self._one_level(data, depth)
        if type(value) is not _Native or any(type(part) in (_Native, bytes) for part in value):
            raise WireError("an extension must hold one flat array")
        return list(value)

    def _one_level(self, data: bytes, depth: int) -> Any:
        value = msgpack.unpackb(
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
        if code in (_ARRAY, _SCALAR):
            return _decode_array(payload, scalar=code == _SCALAR)
        if code == _BIG_INT:
            return _decode_big_int(payload)
        flat = self._flat(payload, depth)
        if code == _LIST:
            return flat
        if code == _TUPLE:
            return tuple(flat)
        if code == _DICT:
            return _decode_dict(flat)
        return _decode_rare(code, flat)


def _decode_dict(flat: list[Any]) -> dict[Any, Any]:
    keys = flat[0::2]
    if len(flat) % 2 or any(isinstance(key, list | dict | np.ndarray) for key in keys):
        raise WireError("a dict must hold pairs of a plain key and a value")
    return dict(zip(keys, flat[1::2], strict=True))


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


def _decode_array(payload: bytes, *, scalar: bool) -> Any:
    dtype_name, raw, *dimensions = msgpack.unpackb(payload, raw=False, max_map_len=0, max_ext_len=0)
    dtype = DTYPES.get(dtype_name) if type(dtype_name) is str else None
    if dtype is None or type(raw) is not bytes:
        raise WireError("an array of an unknown dtype")
    shape = _shape(dimensions)
    if math.prod(shape) * dtype.itemsize != len(raw):
        raise WireError("an array whose shape does not fit its data")
    array = np.frombuffer(raw, dtype=dtype).reshape(shape)
    if scalar and shape != ():
        raise WireError("a scalar with a shape")
    return array[()] if scalar else array


def _shape(dimensions: list[Any]) -> tuple[int, ...]:
    if len(dimensions) > MAX_DIMENSIONS or any(type(n) is not int or n < 0 for n in dimensions):
        raise WireError("an impossible shape")
    return tuple(dimensions)
