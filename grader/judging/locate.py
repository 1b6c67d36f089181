"""Where a wrong answer begins: the student's intermediate values against the reference's.

A value that stands anywhere in the reference's computation is right, whatever the student calls
it. The first line, in the order in which lines ran, that binds something else is where the answer
begins to be wrong; a line whose value a right one is made from is as right as that.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.judging.expected import CaseKey, Intermediate
from grader.judging.fingerprint import Fingerprint, of_values
from grader.judging.lines import Function, Line, base_of
from grader.results import Observation, Step

# ---------------------------------------------------------------- values


class Known:
    """The values that are right in one case, to be found by their fingerprints."""

    def __init__(self, intermediates: Sequence[Intermediate]) -> None:
        self._named: dict[str, list[Intermediate]] = {}
        self._by_form: dict[bytes, list[Intermediate]] = {}
        self.complete = not intermediates or intermediates[-1].fingerprint.form != b""
        for each in intermediates:
            self._by_form.setdefault(each.fingerprint.form, []).append(each)
            if each.address:
                self._named.setdefault(plain(each.address), []).append(each)

    def like(self, fingerprint: Fingerprint) -> list[Intermediate]:
        """Return the right values that this one is, but perhaps for axes of length one."""
        found = self._by_form.get(fingerprint.form, ())
        return [one for one in found if fingerprint.agrees(one.fingerprint)]

    def named(self, address: str) -> list[Intermediate]:
        """Return the values that the reference gives this name."""
        return self._named.get(plain(address), [])

    def is_final(self, address: str, fingerprint: Fingerprint) -> bool:
        """Whether this is the value that the reference gives the name in the end."""
        found = self.named(address)
        return bool(found) and found[-1].fingerprint.agrees(fingerprint)


def plain(address: str) -> str:
    """Return an address without its container: `grads['dW1']` and `dW1` are `dW1`."""
    if address.endswith("']"):
        address = address.rpartition("[")[2].rstrip("]").strip("'")
    return address.replace("_", "")


@dataclass(frozen=True)
class Seen:
    """A step of one case, and how right its value is.

    `right` is None where that cannot be told; `named` is whether the value is the one that the
    reference gives the same name, None where it gives the name to nothing; `shaped` whether the
    value has the shape that it has in the reference, too.
    """

    line: Line
    address: str
    value: Any
    right: bool | None = None
    named: bool | None = None
    shaped: bool = True

    @property
    def name(self) -> str:
        """The variable in which the value stands."""
        return self.address.partition("[")[0]


def judged_steps(function: Function, steps: Iterable[Step], known: Known) -> list[Seen]:
    """Return the steps of one case, judged by the reference's values.

    Those of functions inside are left out: their names are their own.
    """
    found = []
    for step in steps:
        line = function.line(step.line)
        is_own = line is not None and not isinstance(line.node, ast.FunctionDef)
        if line and is_own and step.address and step.address.partition("[")[0] != "_":
            found.append(_judged(line, step, known))
    return found


def _judged(line: Line, step: Step, known: Known) -> Seen:
    fingerprint = of_values([step.value])
    if fingerprint is None:
        return Seen(line, step.address, step.value)
    partners = known.named(step.address)
    if np.ndim(step.value) and step.address in _stored(line):  # an array of what others name
        partners = [each for each in partners if each.shape]
    alike = known.like(fingerprint)
    named = any(fingerprint.agrees(each.fingerprint) for each in partners) if partners else None
    right: bool | None = bool(alike)
    if not alike and (says_nothing(step.value) or not known.complete):
        right = None
        named = named if partners and known.complete else None
    shapes = {each.shape for each in alike}
    shaped = not alike or isinstance(step.value, int) or np.shape(step.value) in shapes
    return Seen(line, step.address, step.value, right, named, shaped)


def _stored(line: Line) -> set[str]:
    """Return the names of what a statement stores elements in."""
    return {
        base_of(n)
        for n in ast.walk(line.node)
        if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store)
    }


def says_nothing(value: Any) -> bool:
    """Whether a value is a count, or of one number only, as room that is made for others is."""
    array = np.asarray(value)
    if array.ndim == 0:
        return array.dtype.kind in "biu" or not array
    return array.size > 1 and bool(np.all(array == array.flat[0]))


# ---------------------------------------------------------------- the first that differs


@dataclass(frozen=True)
class Found:
    """A statement at which an answer may begin to be wrong, and what it binds."""

    line: Line
    address: str
    why: str


def suspects(
    function: Function,
    observations: Mapping[str, Observation],
    cases: Sequence[CaseKey],
    known: Mapping[str, Known],
) -> list[Found]:
    """Return the statements at which the wrong cases may begin to differ, the likeliest first."""
    votes: dict[tuple[int, str, str], float] = {}
    lines = {line.first: line for line in function.lines}
    for case in cases:
        steps = judged_steps(function, observations[case.id].steps, known[case.id])
        for weight, (line, address, why) in enumerate(
            _suspects(function, steps, observations[case.id])
        ):
            key = line.first, address, why
            votes[key] = votes.get(key, 0.0) + 1.0 / (1 + weight)
    ordered = sorted(votes, key=lambda key: -votes[key])
    return [Found(lines[first], address, why) for first, address, why in ordered]


def _suspects(
    function: Function, steps: Sequence[Seen], observation: Observation
) -> Iterator[tuple[Line, str, str]]:
    """Yield what differs though what it is made from is right, in the order of time; then more."""
    wrong = set[str]()
    misshaped: dict[str, Seen] = {}
    later = []
    last = function.line(observation.steps[-1].line) if observation.steps else None
    unfinished = last.binds if last and observation.status == "raised" else frozenset[str]()
    for index, seen in enumerate(steps):
        # A right value that was to be worked on where it raised is no end in itself.
        is_on_its_way = bool(seen.right) and seen.name in unfinished
        if is_on_its_way or not _differs(seen, steps[index + 1 :]):
            wrong.discard(seen.name)
            if not seen.shaped:
                misshaped.setdefault(seen.name, seen)
            continue
        for name in sorted(seen.line.reads & misshaped.keys() - wrong):
            other = misshaped.pop(name)
            yield other.line, other.address, "shape"
        found = seen.line, seen.address, "named" if seen.named is False else "differs"
        if not seen.line.reads & wrong:
            yield found
        elif seen.named is False:
            later.append(found)
        wrong.add(seen.name)
    yield from later[:2]
    for seen in steps:
        if not seen.shaped:
            yield seen.line, seen.address, "shape"
            break
    if last is not None:
        yield last, "", "raised" if observation.status == "raised" else "returned"


def _differs(seen: Seen, later: Sequence[Seen]) -> bool:
    if seen.named is False:
        # It may hold something else that is right, for now.
        return not (seen.right and _rebound(seen, later)) and not _filled(seen, later)
    return seen.right is False and not _vindicated(seen, later) and not _filled(seen, later)


def _rebound(seen: Seen, later: Sequence[Seen]) -> bool:
    return any(other.address == seen.address for other in later)


def _filled(seen: Seen, later: Sequence[Seen]) -> bool:
    """Whether more is written into this array later, or added to this number, bit by bit."""
    if "[" in seen.address or not _rebound(seen, later):
        return False
    return seen.name in _stored(seen.line) or _is_added_up(seen, later)


def _is_added_up(seen: Seen, later: Sequence[Seen]) -> bool:
    """Whether a sum, or the like, begins here, or is half done."""
    follows = [other for other in later if other.address == seen.address]
    goes_on = any(seen.name in other.line.reads for other in follows)
    is_round = any(other.line is seen.line for other in follows) and seen.name in seen.line.reads
    return goes_on and (is_round or says_nothing(seen.value))


def _vindicated(seen: Seen, later: Sequence[Seen]) -> bool:
    """Whether a right value is made from this one."""
    for other in later:
        if (
            seen.name in other.line.reads
            and other.right
            and other.named is not False
            and other.line is not seen.line
        ):
            return True
        if seen.name in other.line.binds and seen.name not in other.line.reads:
            return False
    return False
