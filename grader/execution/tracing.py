"""What the lines of one function bind as it runs, inside the student's kernel.

After every line the function's local variables are looked at: what has changed since is what the
line has bound. Of containers, it is the numbers and arrays in them that are looked at, each at its
address (`grads['dW1']`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Any

import numpy as np

MAX_LINES = 1_500  # run under the tracer; what runs after them is not looked at
MAX_STEPS = 300
MAX_BYTES = 2_000_000  # of all recorded values
MAX_ENTRIES = 20_000  # of an array; larger ones are left out
MAX_PARTS = 64  # of a container
MAX_DEPTH = 4
MAX_ADDRESS = 120

Step = list[Any]  # the line, the address, the value
_ndarray, _generic = np.ndarray, np.generic
_settrace = sys.settrace


class Tracer:
    """Traces the first call of a function while it is entered as a context."""

    def __init__(self, function: Any) -> None:
        self._code = _code(function)
        self._frame: FrameType | None = None
        self._seen: dict[str, Any] = {}
        self._line = self._lines = self._bytes = 0
        self.steps: list[Step] = []

    def __enter__(self) -> Tracer:
        if self._code is not None:
            _settrace(self._enter)
        return self

    def __exit__(self, *_: object) -> None:
        _settrace(None)
        self.steps.append([self._line, "", None])  # where it ended

    def _enter(self, frame: FrameType, event: str, _: Any) -> Any:
        if event != "call" or frame.f_code is not self._code or self._frame is not None:
            return None
        self._frame = frame
        self._look(frame, record=False)
        return self._within

    def _within(self, frame: FrameType, event: str, _: Any) -> Any:
        if event in ("line", "return"):
            self._look(frame, record=True)
            self._line = frame.f_lineno
            self._lines += event == "line"
            if self._lines > MAX_LINES:
                _settrace(None)
                return None
        return self._within

    def _look(self, frame: FrameType, *, record: bool) -> None:
        for name, value in frame.f_locals.items():
            for address, leaf in _leaves(value, name, 0):
                mark = _mark(leaf)
                if self._seen.get(address) != mark:
                    self._seen[address] = mark
                    if record:
                        self._record(address, leaf)

    def _record(self, address: str, leaf: Any) -> None:
        is_array = type(leaf) is _ndarray
        size = leaf.nbytes if is_array else 16
        if len(self.steps) < MAX_STEPS and self._bytes + size <= MAX_BYTES:
            self._bytes += size
            self.steps.append([self._line, address, leaf.copy() if is_array else leaf])


def _code(function: Any) -> CodeType | None:
    """Return the code of a function, below its decorators if they tell."""
    for _ in range(10):
        if not hasattr(function, "__wrapped__"):
            break
        function = function.__wrapped__
    return getattr(function, "__code__", None)


def _leaves(value: Any, address: str, depth: int) -> Iterator[tuple[str, Any]]:
    """Yield the numbers and arrays in a value, with their addresses."""
    if type(value) is _ndarray:
        if value.size <= MAX_ENTRIES and value.dtype.kind in "biufc":
            yield address, value
    elif isinstance(value, bool | int | float | complex | _generic):
        yield address, value
    elif depth < MAX_DEPTH and type(value) in (dict, list, tuple) and len(value) <= MAX_PARTS:
        items = value.items() if type(value) is dict else enumerate(value)
        for key, part in list(items):
            if type(key) in (str, int):
                yield from _leaves(part, f"{address}[{key!r}]"[:MAX_ADDRESS], depth + 1)


def _mark(leaf: Any) -> Any:
    """Return what is another for another value."""
    if type(leaf) is _ndarray:
        return leaf.dtype.str, leaf.shape, hash(leaf.tobytes())
    return type(leaf), repr(leaf)
