"""An assembler for seccomp filters: the few instructions of classic BPF that they need.

A filter (seccomp(2)) first loads the number of the call. What follows is a row of rules, each of
which leaves that number loaded or ends in a verdict.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

KILL, ALLOW = 0x8000_0000, 0x7FFF_0000
EQUAL, AT_LEAST, ANY_BIT = 0x15, 0x35, 0x45
NUMBER, ARCHITECTURE = 0, 4  # offsets in struct seccomp_data

_ARGUMENTS = 16
_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06


def refuse(number: int) -> int:
    """Return the verdict that lets a call fail with an errno; 0 lets it succeed and do nothing."""
    return 0x0005_0000 | number


def instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """Return one instruction; the last two say how many are skipped after a test."""
    return struct.pack("HBBI", code, if_true, if_false, value & 0xFFFF_FFFF)


def load(offset: int) -> bytes:
    """Load 32 bits of what the filter is told of the call."""
    return instruction(_LOAD, offset)


def argument(index: int) -> bytes:
    """Load the lower half of an argument: all that is tested here are 32-bit values."""
    return load(_ARGUMENTS + 8 * index)


def keep(bits: int) -> bytes:
    """Set all other bits of what is loaded to 0."""
    return instruction(_AND, bits)


def verdict(value: int) -> bytes:
    """End with a verdict."""
    return instruction(_RETURN, value)


def when(code: int, value: int, *then: bytes) -> bytes:
    """Run the instructions `then` if the test holds; go on behind them if it does not."""
    return instruction(code, value, 0, len(b"".join(then)) // 8) + b"".join(then)


def unless(code: int, value: int, *then: bytes) -> bytes:
    """Run the instructions `then` if the test does not hold; go on behind them if it does."""
    return instruction(code, value, len(b"".join(then)) // 8, 0) + b"".join(then)


def only(index: int, allowed: Iterable[int], otherwise: int) -> bytes:
    """Allow a call if one of its arguments has one of these values."""
    tests = [when(EQUAL, value, verdict(ALLOW)) for value in allowed]
    return b"".join([argument(index), *tests, verdict(otherwise)])
