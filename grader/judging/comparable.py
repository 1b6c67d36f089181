"""What the course's code returns or passes that cannot be sent and compared, and what would do.

For the reference process only. What can be sent is for `grader.wire` to say; here the original is
looked at for the advice.
"""

from __future__ import annotations

import inspect
import numbers
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.values import is_number, parts, root
from grader.wire import DTYPES, ForeignArray, Opaque, WireError, pack, unpack

PLAIN = "numbers, strings and arrays, or lists, tuples and dictionaries of them"
_LEAST, _MOST = -(2**63), 2**64  # whole numbers that an array can hold
_ROOM = (None,) * 1000  # for what is sent beside a value


@dataclass(frozen=True)
class Misfit:
    """A value, or a part of one, that cannot be compared: where, a description, what would do."""

    address: str
    kind: str
    instead: str


def misfit(value: Any, returns: tuple[str, ...]) -> Misfit | None:
    """Return the first part of a value that cannot be sent, or None; `returns` names its roots."""
    named = len(returns) == 1 or not isinstance(value, tuple) or len(value) != len(returns)
    roots = [(returns[0] if len(returns) == 1 else "", value)]
    try:
        crossed, _ = unpack(pack((value, _ROOM)))
    except WireError as error:
        return Misfit(roots[0][0], "a value that is too large", f"less of it ({error})")
    pairs = [(*roots[0], crossed)]
    if not named:
        pairs = list(zip(returns, value, crossed, strict=True))
    return next((found for each in pairs for found in _misfits(*each)), None)


def _misfits(address: str, value: Any, crossed: Any) -> Iterator[Misfit]:
    """Yield what did not cross, or changed on the way; `crossed` is what came out."""
    if isinstance(crossed, Opaque | ForeignArray):
        yield _described(address, value, crossed)
    elif isinstance(crossed, dict):
        yield from (_odd_key(address, key) for key in value if not _is_plain_key(key))
        pairs = zip(parts(value, address), crossed.values(), strict=False)
        yield from (
            found for (_, below, part), other in pairs for found in _misfits(below, part, other)
        )
    elif isinstance(crossed, tuple | list):
        pairs = zip(parts(value, address), crossed, strict=True)
        yield from (
            found for (_, below, part), other in pairs for found in _misfits(below, part, other)
        )
    elif isinstance(crossed, int) and not _LEAST <= crossed < _MOST:
        yield Misfit(address, *_TOO_LONG)


def _odd_key(address: str, key: Any) -> Misfit:
    kind = f"a dictionary with a key that is {_of_type(key)}"
    return Misfit(address, kind, "a dictionary with strings or numbers as keys")


def _is_plain_key(key: Any) -> bool:
    if isinstance(key, tuple):
        return all(map(_is_plain_key, key))
    if isinstance(key, np.generic):
        return key.dtype.newbyteorder("<").str in DTYPES
    if isinstance(key, int):
        return _LEAST <= key < _MOST
    return (
        key is None or isinstance(key, str) or (is_number(key) and not isinstance(key, np.ndarray))
    )


# ---------------------------------------------------------------- advice


def _described(address: str, value: Any, crossed: Opaque | ForeignArray) -> Misfit:
    if isinstance(value, np.ndarray | np.generic):
        return Misfit(address, *_array(value))
    if isinstance(value, int):
        return Misfit(address, *_TOO_LONG)
    if isinstance(crossed, Opaque) and not crossed.description.startswith("an object of type"):
        return Misfit(root(address), crossed.description, f"less: {PLAIN}")
    for fits, instead in _INSTEAD:
        if fits(value):
            return Misfit(address, _of_type(value), instead)
    return Misfit(address, _of_type(value), PLAIN)


def _array(value: np.ndarray[Any, Any] | np.generic) -> tuple[str, str]:
    """Return what an array, or a scalar, of another dtype is, and what would do."""
    one = isinstance(value, np.generic)
    if isinstance(value, np.ma.MaskedArray):
        return "a masked array", "its `.filled(...)`, or the array and its mask"
    fitting = (instead for kinds, instead in _BY_DTYPE.items() if value.dtype.kind in kinds)
    instead = next(fitting, "an array of numbers")
    fields = value.dtype.names
    dtype = f"with the fields {fields}" if fields else f"of dtype {value.dtype.name}"
    return f"{'a value' if one else 'an array'} {dtype}", instead


_BY_DTYPE = {
    "USaT": "its `.tolist()`",
    "Mm": "its `.astype(int)`, or its `.astype(str).tolist()`",
    "V": "a dictionary of arrays, one for each field",
    "O": "an array of numbers, or its `.tolist()`",
}

_TOO_LONG = "an integer of more than 64 bits", "a float, or smaller numbers"
_Fits = Callable[[Any], bool]


def _has(name: str) -> _Fits:
    return lambda value: not isinstance(value, type) and callable(getattr(value, name, None))


def _is(*types: type) -> _Fits:
    return lambda value: isinstance(value, types)


_FUNCTIONS = {"function", "method", "builtin_function_or_method", "partial", "ufunc"}
# The first that fits is the one.
_INSTEAD: tuple[tuple[_Fits, str], ...] = (
    (_is(set, frozenset), "`sorted(...)` of it, a list"),
    (_is(bytes, bytearray, memoryview), "its text, or `np.frombuffer(..., np.uint8)`"),
    (inspect.iscoroutine, "what it awaits: define the function without `async`"),
    (_is(numbers.Number), "`float(...)` of it"),
    (_is(os.PathLike), "`str(...)` of it"),
    (_has("to_numpy"), "its `.to_numpy()`"),
    (_has("toarray"), "its `.toarray()`"),
    (_has("__array__"), "`np.asarray(...)` of it"),
    (_is(type), "a value, not a class"),
    (_has("__next__"), "`list(...)` of it"),
    (_is(range, type({}.keys()), type({}.values()), type({}.items())), "`list(...)` of it"),
    (lambda value: type(value).__name__ in _FUNCTIONS, "what it returns, not the function"),
    (_is(Iterable), "`list(...)` of it, or the numbers in it"),
)


def _of_type(value: Any) -> str:
    """Return "a set", "a DataFrame": the type's own name behind its article."""
    name = type(value).__name__.lstrip("_") or "object"
    if name == "bytes":
        return name
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {_WORDS.get(name, name)}"


_WORDS = {"builtin_function_or_method": "function", "type": "class"}
