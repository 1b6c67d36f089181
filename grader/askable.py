"""What an item may ask its helpers while the reference answers for them.

An honest item hands on what it was given, parts of it, and what it has computed from it. So what
the reference hands on in the same case says how often helpers may be called, and with arguments of
which kinds and sizes. Whatever lies outside is not answered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.values import is_number, is_number_list

MOST_CALLS = 10_000
SPARE_CALLS = 20  # such as for costs that are printed
ROOM = 4  # times as many calls, numbers and parts as the reference needs
SPARE = 64
MOST_LOOPED = 1000  # examples, or elements, each of which may have a call of its own
LARGEST_COUNT = 10_000  # an argument such as the number of units may be a size
LONGEST_KEY = 40

Kinds = Mapping[str, Mapping[str, frozenset[str]]]
"""The kinds of values that each helper takes, by its parameters."""


@dataclass(frozen=True)
class Reply:
    """What a helper returns or raises, in the wire form, and the processor time that it took."""

    packed: bytes
    seconds: float = 0.0


@dataclass
class Extent:
    """How much some values hold: the shapes of their numbers, their parts, their texts."""

    shapes: set[tuple[int, ...]] = field(default_factory=set)
    counts: set[int] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    numbers: int = 0
    parts: int = 0
    depth: int = 0
    strange: bool = False

    def add(self, value: Any, depth: int = 0) -> None:
        """Take in one more value; it has come over the wire, or from the course."""
        self.depth = max(self.depth, depth)
        if isinstance(value, np.ndarray) or is_number(value) or is_number_list(value):
            self._add_numbers(value)
        elif isinstance(value, str):
            self.texts.add(value)
        elif isinstance(value, dict | list | tuple):
            self.parts += len(value)
            if isinstance(value, dict):
                self.strange |= any(not _is_key(key) for key in value)
            for part in value.values() if isinstance(value, dict) else value:
                self.add(part, depth + 1)
        elif value is not None:
            self.strange = True

    def _add_numbers(self, value: Any) -> None:
        shape = (len(value),) if isinstance(value, list) else np.shape(value)
        size = int(np.prod(shape, dtype=np.int64))
        self.strange |= isinstance(value, np.ndarray) and value.dtype.kind not in "biufc"
        self.shapes.add(shape)
        self.numbers += size
        if size <= SPARE:
            listed = np.ravel(np.asarray(value)).tolist()
            self.counts |= {n for n in listed if type(n) is int and 0 <= n <= LARGEST_COUNT}

    @property
    def sizes(self) -> frozenset[int]:
        """The sizes that arrays made of these may have.

        They may be flattened, wholly or but for one axis; and a number may say how many there are.
        """
        flat = {int(np.prod(part)) for s in self.shapes for part in (s, s[1:], s[:-1])}
        return frozenset({0, 1, *flat, *self.counts, *(n for shape in self.shapes for n in shape)})


def _is_key(key: object) -> bool:
    return type(key) in (int, bool) or (isinstance(key, str) and len(key) <= LONGEST_KEY)


def extent_of(values: Iterable[Any]) -> Extent:
    """Return how much values hold, together."""
    extent = Extent()
    for value in values:
        extent.add(value)
    return extent


def kinds_of(value: Any) -> frozenset[str]:
    """Return the kinds that a value may pass for: a list may be an array, too."""
    if isinstance(value, dict | list | tuple):
        return frozenset({"parts"} if isinstance(value, dict) else {"parts", "numbers"})
    if isinstance(value, np.ndarray) or is_number(value):
        return frozenset({"numbers"})
    if isinstance(value, str):
        return frozenset({"text"})
    return frozenset({"nothing"} if value is None else {"strange"})


@dataclass(frozen=True)
class Askable:
    """The bounds of what may be asked while an item answers in one case.

    `sizes` are those that an axis may have, any if there are none. Where `takes` says nothing of a
    parameter, its values may be of any kind.
    """

    calls: int = 0
    sizes: frozenset[int] = frozenset()
    axes: int = 2
    numbers: int = SPARE
    parts: int = SPARE
    depth: int = 1
    texts: frozenset[str] = frozenset()
    takes: Kinds = field(default_factory=dict)

    def admits(self, helper: str, arguments: Mapping[str, Any]) -> bool:
        """Whether an item could have handed on such arguments."""
        known = self.takes.get(helper, {})
        if not all(kinds_of(value) & known.get(name, _ANY) for name, value in arguments.items()):
            return False
        asked = extent_of(arguments.values())
        return (
            not asked.strange
            and asked.texts <= self.texts
            and asked.numbers <= self.numbers
            and asked.parts <= self.parts
            and asked.depth <= self.depth
            and all(map(self._fits, asked.shapes))
        )

    def _fits(self, shape: tuple[int, ...]) -> bool:
        """Whether an array's axes are as they should be, but for one that may be cut: a batch."""
        if not self.sizes:
            return True
        other = [size for size in shape if size not in self.sizes]
        is_cut = not other or (len(other) == 1 and other[0] < max(self.sizes))
        return len(shape) <= self.axes and is_cut


NOTHING = Askable()
_ANY = frozenset({"numbers", "parts", "text", "nothing"})


def askable(
    given: Extent, asked: Collection[Extent], calls: int, takes: Kinds, *, is_data: bool
) -> Askable:
    """Return the bounds, from what a case gives and what the reference asks of helpers in it.

    `is_data` says that the case is a variable: what it is made of may have any size.
    """
    every = [given, *asked]
    shapes = {shape for each in every for shape in each.shapes}
    looped = max([0, *(each.numbers for each in asked or every)])
    free = is_data and not asked
    return Askable(
        calls=min(MOST_CALLS, SPARE_CALLS + ROOM * max(1, calls) * (1 + min(looped, MOST_LOOPED))),
        sizes=frozenset() if free else frozenset().union(*(each.sizes for each in every)),
        axes=max([2, *map(len, shapes)]),
        numbers=2**62 if free else SPARE + ROOM * max(each.numbers for each in every),
        parts=SPARE + ROOM * max(each.parts for each in every),
        depth=1 + max(each.depth for each in every),
        texts=frozenset().union(*(each.texts for each in every)),
        takes=takes,
    )
