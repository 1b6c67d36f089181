"""What a function's names stand for, so that no change takes a number for a dictionary."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from grader.judging.expected import CaseKey
from grader.judging.lines import Function
from grader.judging.repairs.variants import is_text
from grader.results import Observation


@dataclass(frozen=True)
class Kinds:
    """The names of single numbers, of arrays with several rows and columns, of dictionaries."""

    numbers: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()
    dictionaries: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, function: Function, seen: Mapping[str, Observation], cases: Sequence[CaseKey]
    ) -> Kinds:
        """Return what the names stand for in all cases; used like dictionaries are some, too."""
        values: dict[str, list[object]] = {}
        for case in cases:
            given = zip(function.parameters, case.arguments, strict=False)
            bound = ((step.address, step.value) for step in seen[case.id].steps)
            for address, value in (*given, *bound):
                values.setdefault(address, []).append(value)
        entries = {address.partition("['")[0] for address in values if "['" in address}
        return cls(
            _those_that(values, _is_number),
            _those_that(values, _is_table),
            _those_that(values, lambda value: isinstance(value, dict)) | entries | _used(function),
        )


def _those_that(
    values: Mapping[str, Sequence[object]], fit: Callable[[object], bool]
) -> frozenset[str]:
    return frozenset(name for name, every in values.items() if all(map(fit, every)))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.generic)


def _is_table(value: object) -> bool:
    return isinstance(value, np.ndarray) and value.ndim > 1 and min(value.shape) > 1


def _used(function: Function) -> set[str]:
    """Return the names of which entries are taken by their keys."""
    return {
        node.value.id
        for node in ast.walk(function.tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and is_text(node.slice)
    }
