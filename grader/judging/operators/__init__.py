"""Likely slips, one by one: operators over the syntax tree of a function of the reference.

sites       where a slip may happen, and how trees are read and changed
arithmetic  means, signs, terms, factors, constants, brackets, powers
arrays      products, transposes, axes, sums, shapes, kinds of numbers
functions   activations and their derivatives, logarithms, comparisons, random numbers
names       neighbouring values, other layers, hard-coded sizes, returned values
statements  loops, statements left out or in the wrong place, branches
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.judging.operators.arithmetic import ARITHMETIC
from grader.judging.operators.arrays import ARRAYS
from grader.judging.operators.functions import FUNCTIONS
from grader.judging.operators.names import NAMES
from grader.judging.operators.sites import Change, Operator, Scope, Site, sites
from grader.judging.operators.statements import STATEMENTS
from grader.judging.trees import located

OPERATORS: tuple[Operator, ...] = (*ARITHMETIC, *ARRAYS, *FUNCTIONS, *NAMES, *STATEMENTS)


@dataclass(frozen=True)
class Slip:
    """One change of a function, and where it is made."""

    site: Site
    change: Change

    @property
    def about(self) -> dict[str, str]:
        """What the words need."""
        return {"variable": self.site.variable, **self.change.about}


def slips(scope: Scope) -> Iterator[Slip]:
    """Return all slips of a function, in the order of its text."""
    for site in sites(scope):
        for operator in OPERATORS:
            for change in operator(site):
                located(change.node, site.node if hasattr(site.node, "lineno") else site.statement)
                yield Slip(site, change)


__all__ = ["OPERATORS", "Change", "Operator", "Scope", "Site", "Slip", "sites", "slips"]
