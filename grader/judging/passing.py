"""Outputs that are arguments passed through, such as the parts of a cache.

They are right whatever the function computes, so that by default they earn nothing of their own
(`grader.judging.shares.share_of`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from grader.judging.expected import Answer, CaseKey
from grader.values import is_number, is_number_list, leaves


def passed_through(
    returns: tuple[str, ...], cases: Sequence[CaseKey], answers: Iterable[Answer]
) -> tuple[str, ...]:
    """Return the addresses of the outputs that are the same part of the arguments in every case.

    The answers are those of the cases, one for each; what is in no scored case is left out.
    """
    sources: dict[str, set[str]] = {}
    for case, answer in zip(cases, answers, strict=True):
        if not case.scored:
            continue
        given = _parts(case.arguments)
        for address, leaf in leaves(answer.value, returns).items():
            same = {part for part, value in given.items() if _same(leaf, value)}
            sources[address] = sources.get(address, same) & same
    return tuple(address for address, parts in sources.items() if parts)


def _parts(arguments: tuple[Any, ...]) -> dict[str, Any]:
    """Return the arguments, and the leaves within them, by position and address."""
    found: dict[str, Any] = {}
    for position, argument in enumerate(arguments):
        found |= leaves(argument, (str(position),))
    return found


def _same(one: Any, other: Any) -> bool:
    """Whether two leaves are alike bit for bit, in shape and in kind."""
    if _is_numeric(one) and _is_numeric(other):
        a, b = np.asarray(one), np.asarray(other)
        alike = isinstance(one, list) == isinstance(other, list)
        alike = alike and a.shape == b.shape and a.dtype.kind == b.dtype.kind
        return alike and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
    return isinstance(one, str | bytes | None) and type(one) is type(other) and one == other


def _is_numeric(leaf: Any) -> bool:
    return is_number(leaf) or is_number_list(leaf) or isinstance(leaf, np.ndarray)
