"""What the lines of one function bind as it runs, inside the student's kernel.

After every line the function's local variables are looked at: what has changed since is what the
line has bound. Of containers, it is the numbers and arrays in them that are looked at, each at its
address (`grads['dW1']`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from types import CodeType, FrameType
from typing import Any

import numpy as np

MAX_LINES = 1_500  # run under the tracer; of what runs after them, only the end is looked at
MAX_STEPS = 400
MAX_OF_A_KIND = 12  # of one address in one line; of more, the last one is kept
MAX_BYTES = 2_000_000  # of all recorded values
MAX_ENTRIES = 20_000  # of an array; larger ones are left out
MAX_PARTS = 64  # of a container
MAX_DEPTH = 4
MAX_ADDRESS = 120

Step = list[Any]  # the line, the address, the value
_ndarray, _generic = np.ndarray, np.generic
_settrace = sys.settrace


class Tracer:
    """Traces the first call of a function while it is entered as a context.

    With `lines`, the first and the last, only what these bind is recorded. Functions that are
    defined in it are traced with it.
    """

    def __init__(self, function: Any, lines: Sequence[int] = ()) -> None:
        self._code = _code(function)
        self._inner = set(_codes_in(self._code)) if self._code else set()
        self._first, self._last = lines or (0, sys.maxsize)
        self._frame: FrameType | None = None
        self._at: dict[FrameType, int] = {}  # the line at which each frame is
        self._seen: dict[FrameType, dict[str, Any]] = {}
        self._line = self._lines = self._bytes = self._raised = 0
        self._counts: dict[tuple[int, str], int] = {}
        self._latest: dict[tuple[int, str], Step] = {}
        self._bound_by: dict[str, int] = {}
        self.steps: list[Step] = []

    def __enter__(self) -> Tracer:
        if self._code is not None:
            _settrace(self._enter)
        return self

    def __exit__(self, *_: object) -> None:
        _settrace(None)
        end = self._raised or self._line
        self.steps += [*self._latest.values(), [end, "", None]]  # where it ended

    def _enter(self, frame: FrameType, event: str, _: Any) -> Any:
        is_first = frame.f_code is self._code and self._frame is None
        is_inner = frame.f_code in self._inner and 0 < self._lines < MAX_LINES
        if event != "call" or not (is_first or is_inner):
            return None
        if is_first:
            self._frame = frame
        self._look(frame, record=False)
        self._at[frame] = 0
        return self._within

    def _within(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "exception":
            self._raised = self._raised or frame.f_lineno  # the innermost line comes first
            return self._within
        if event in ("line", "return"):
            before = self._at.get(frame, 0)
            ran, comes = self._is_wanted(before), self._is_wanted(frame.f_lineno)
            if ran or comes:  # else nobody asks what has changed
                self._line = before
                self._look(frame, record=ran)
            self._line = self._at[frame] = frame.f_lineno
        if event == "return":
            self._at.pop(frame, None)
            self._seen.pop(frame, None)
        elif event == "line":
            self._raised = 0
            self._lines += 1
            if self._lines >= MAX_LINES:
                for each in self._at:  # what is there at the end is looked at all the same
                    each.f_trace_lines = False
        return self._within

    def _is_wanted(self, line: int) -> bool:
        return self._first <= line <= self._last

    def _look(self, frame: FrameType, *, record: bool) -> None:
        seen = self._seen.setdefault(frame, {})
        for name, value in frame.f_locals.items():
            for address, leaf in _leaves(value, name, 0):
                mark = _mark(leaf)
                if seen.get(address) != mark:
                    seen[address] = mark
                    if record:
                        self._record(address, leaf)

    def _record(self, address: str, leaf: Any) -> None:
        if self._lines < MAX_LINES:
            self._bound_by[address] = self._line
        kind = self._bound_by.get(address, self._line), address
        is_array = type(leaf) is _ndarray
        size = leaf.nbytes if is_array else 16
        if len(self.steps) + len(self._latest) >= MAX_STEPS or self._bytes + size > MAX_BYTES:
            return
        self._bytes += size
        step = [kind[0], address, leaf.copy() if is_array else leaf]
        self._counts[kind] = self._counts.get(kind, 0) + 1
        if self._counts[kind] <= MAX_OF_A_KIND:
            self.steps.append(step)
        else:
            self._bytes -= size * (self._latest.pop(kind, None) is not None)
            self._latest[kind] = step


def _code(function: Any) -> CodeType | None:
    """Return the code of a function, below its decorators if they tell."""
    for _ in range(10):
        if not hasattr(function, "__wrapped__"):
            break
        function = function.__wrapped__
    return getattr(function, "__code__", None)


def _codes_in(code: CodeType) -> Iterator[CodeType]:
    """Yield the codes of the functions, and of the comprehensions, that stand in a function."""
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes_in(each)


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
