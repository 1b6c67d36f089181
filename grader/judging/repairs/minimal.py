"""Which of several changes are needed: two that take each other back are none.

Where a function is right after several changes, it is tried with fewer of them. Changes of the same
lines belong together; those that add lines cannot be taken apart from what comes after them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations


def with_fewer(texts: Sequence[str]) -> Iterator[tuple[frozenset[int], str]]:
    """Yield a function with some of its changes only, those with the fewest first.

    `texts` are the function as it was, and after each change; with every text goes which changes,
    by number, are in it.
    """
    lines = [text.split("\n") for text in texts]
    if len({len(each) for each in lines}) > 1:
        return
    groups = _groups(lines)
    for count in range(1, len(groups)):
        for chosen in combinations(groups, count):
            kept = frozenset(number for group in chosen for number in group)
            yield kept, _with(lines, kept)


def together(text: str, one: str, other: str) -> str | None:
    """Return a function with two changes in it, or None where they touch the same lines."""
    lines = [each.split("\n") for each in (text, one, other)]
    if len({len(each) for each in lines}) > 1:
        return None
    old, first, second = lines
    made = []
    for was, a, b in zip(old, first, second, strict=True):
        if was not in (a, b):
            return None
        made.append(a if a != was else b)
    return "\n".join(made)


def _groups(lines: Sequence[Sequence[str]]) -> list[list[int]]:
    """Return the changes, by number; those that touch the same lines in one group."""
    groups: list[tuple[set[int], list[int]]] = []
    for number in range(len(lines) - 1):
        touched = {at for at, _ in _changed(lines, number)}
        shared = [group for group in groups if group[0] & touched]
        apart = [group for group in groups if not group[0] & touched]
        touched = touched.union(*(each[0] for each in shared))
        groups = [*apart, (touched, [*(n for each in shared for n in each[1]), number])]
    return [sorted(group[1]) for group in groups]


def _changed(lines: Sequence[Sequence[str]], number: int) -> Iterator[tuple[int, str]]:
    before, after = lines[number], lines[number + 1]
    for at, (old, new) in enumerate(zip(before, after, strict=True)):
        if old != new:
            yield at, new


def _with(lines: Sequence[Sequence[str]], kept: frozenset[int]) -> str:
    made = list(lines[0])
    for number in sorted(kept):
        for at, new in _changed(lines, number):
            made[at] = new
    return "\n".join(made)
