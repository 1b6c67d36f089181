"""What is taken of an answer: no more than a right one can need, whatever comes.

The kernel's end keeps to the same bounds, but whoever controls that process may send anything.
What is far larger than what is due is wrong: only its kind, shape or length is kept, so that
judging costs what it costs for a right answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.execution import tracing
from grader.results import Step
from grader.values import NUMBER_TYPES, describe
from grader.wire import ForeignArray, Opaque

# An array that is right may be of complex numbers where bytes are due; and every byte of what is
# due is one element at most.
TIMES = 16
SPARE = 2 * 2**20  # bytes, beside what is due: wrong answers are compared, too
SPARE_ELEMENTS = 20_000
MAX_PARTS, MAX_DEPTH = 64, 4  # of a large container whose parts are looked at one by one
# What one child may send in all, in bytes, beside what is due: while items are scored, every wrong
# answer gets its words; where causes are looked for, one that is far too large ends the search.
SPARE_SCORED, SPARE_SEARCHED = 512 * 2**20, 96 * 2**20
BIT_COSTS = 16  # times as much as of an array: large numbers cost much to be written
ELEMENT_COSTS = 256  # bytes; reading one takes as long as so many of an array


@dataclass(frozen=True)
class Size:
    """What a value weighs: elements of lists and the like, and bytes of arrays and text."""

    elements: int = 0
    size: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(self.elements + other.elements, self.size + other.size)

    def __sub__(self, other: Size) -> Size:
        return Size(self.elements - other.elements, self.size - other.size)

    def fits(self, room: Size) -> bool:
        """Whether there is room for it."""
        return self.elements <= room.elements and self.size <= room.size


def room(due: int) -> Size:
    """Return what an answer may weigh, if the right one has so many bytes."""
    return Size(SPARE_ELEMENTS + due, SPARE + TIMES * due)


def message_room(due: int) -> int:
    """Return how many bytes an answer takes at most, with all that is said beside the value."""
    return room(due).size + tracing.MAX_BYTES + SPARE


def costs(message: int, elements: int) -> int:
    """Return what it costs to read a message, in bytes."""
    return message + ELEMENT_COSTS * elements


def answer_costs(due: int) -> int:
    """Return what it may cost to read an answer, in bytes."""
    return costs(message_room(due), room(due).elements)


def kept(value: Any, message: int, due: int) -> Any:
    """Return what is kept of a value that came in a message of so many bytes.

    Arrays are parts of their message; of a large one, nothing stays in memory but what is kept.
    """
    whole = _cut(value, room(due), 0)
    return _copied(whole) if message > message_room(due) else whole


def _cut(value: Any, left: Size, depth: int) -> Any:
    """Return a value of which what does not fit is only described."""
    if _size(value).fits(left):
        return value
    if isinstance(value, np.ndarray):
        return ForeignArray(value.dtype.name, value.shape)
    if not isinstance(value, list | tuple | dict) or len(value) > MAX_PARTS or depth == MAX_DEPTH:
        return Opaque(f"{describe(value)}, far larger than what is due")
    parts = []
    for part in value.values() if isinstance(value, dict) else value:
        parts.append(_cut(part, left, depth + 1))
        left -= _size(parts[-1])
    if isinstance(value, dict):
        return dict(zip(value, parts, strict=True))
    return type(value)(parts)


def _size(value: Any) -> Size:
    if isinstance(value, np.ndarray | str):
        return Size(1, value.nbytes if isinstance(value, np.ndarray) else len(value))
    if isinstance(value, int):
        return Size(1, value.bit_length() * BIT_COSTS // 8)
    found = Size(1)
    if isinstance(value, list | tuple | dict):
        for part in _parts(value):
            found += _size(part)
    return found


def _parts(value: Any) -> Iterator[Any]:
    yield from value
    if isinstance(value, dict):
        yield from value.values()


def _copied(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        array = value.copy()
        array.flags.writeable = False
        return array
    if isinstance(value, dict):
        return {key: _copied(part) for key, part in value.items()}
    return type(value)(map(_copied, value)) if isinstance(value, list | tuple) else value


# ---------------------------------------------------------------- steps


def steps(said: Any, message: int, lines: Sequence[int] = ()) -> tuple[Step, ...]:
    """Return what a function's lines have bound, as far as a `Tracer` can have recorded it.

    With `lines`, the first and the last, only what these bind. The last step has no address.
    """
    every = said[: tracing.MAX_STEPS + 1] if type(said) is list else []
    counts: Counter[tuple[int, str]] = Counter()
    left, found = tracing.MAX_BYTES, []
    for index, each in enumerate(every):
        step = _step(each)
        if step is None or not _is_due(step, lines, last=index == len(every) - 1):
            continue
        left -= _recorded(step.value)
        counts[step.line, step.address] += 1
        if left < 0:
            break
        if counts[step.line, step.address] <= tracing.MAX_OF_A_KIND + 1:
            found.append(step)
    return tuple(_copied_steps(found) if message > message_room(0) else found)


def _step(said: Any) -> Step | None:
    """Return a step if it is one; addresses are cut as the tracer cuts them."""
    if type(said) is not list or [type(part) for part in said[:2]] != [int, str]:
        return None
    return Step(said[0], said[1][: tracing.MAX_ADDRESS], said[2]) if len(said) == 3 else None


def _is_due(step: Step, lines: Sequence[int], *, last: bool) -> bool:
    if not step.address:
        return last and step.value is None and 0 <= step.line < 2**31
    first, final = lines or (0, 2**31)
    is_leaf = isinstance(step.value, (*NUMBER_TYPES, ForeignArray, Opaque))
    is_small = isinstance(step.value, np.ndarray) and step.value.size <= tracing.MAX_ENTRIES
    return first <= step.line <= final and (is_leaf or is_small)


def _recorded(value: Any) -> int:
    return value.nbytes if isinstance(value, np.ndarray) else 16


def _copied_steps(found: Sequence[Step]) -> Iterator[Step]:
    return (Step(step.line, step.address, _copied(step.value)) for step in found)
