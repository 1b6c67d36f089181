"""A function's gradients against the slopes of its own cost, by central differences.

Gradients may be wrong although the steps backwards are right: for a cost that is not the one asked
for. What the student's function returns for arguments a little to both sides says which it is.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.judging.compare import compare
from grader.judging.expected import OwnSlope, QuestionKey
from grader.judging.fingerprint import counterparts
from grader.judging.gradients import central_differences, relative_difference
from grader.judging.repairs.trying import Trial
from grader.results import Observation
from grader.values import leaves

PRECISION = 1e-5  # of slopes, relative to the largest entry of the gradient
KINK = 1e-3  # by how much the slopes on both sides may differ
MOST_ENTRIES = 60  # of all arguments that are moved

Calls = Generator[Sequence[Trial], Sequence[Observation], None]


@dataclass(frozen=True)
class Backward:
    """Which gradients are the slopes of the function's own cost, and which are not."""

    cost_is_right: bool
    fitting: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


class OwnSlopes:
    """Asks one function for its cost around one case; `found` is None where nothing is known."""

    def __init__(self, key: QuestionKey) -> None:
        self._key = key
        self._slopes = key.evidence.slopes if key.evidence else ()
        self._case = min(key.cases, key=lambda each: len(each.packed_arguments))
        self.found: Backward | None = None

    def run(self) -> Calls:
        """Ask, and compare; the smallest case will do."""
        moved = [(slope, self._points(slope)) for slope in self._slopes]
        if not moved or sum(len(points) for _, points in moved) > 2 * MOST_ENTRIES:
            return
        trials = [self._trial(slope, point) for slope, points in moved for point in points]
        here, *around = yield [Trial(self._key.question.name, self._case.id, traced=False), *trials]
        values = self._values(here)
        if values is None or len(around) < len(trials):
            return
        seen = iter(around)
        fits: dict[bool | None, list[str]] = {True: [], False: [], None: []}
        for slope, points in moved:
            costs = [self._cost(slope, next(seen)) for _ in points]
            fits[self._fits(slope, values, costs)].append(slope.output)
        if not fits[None]:
            right = self._is_right(values, self._slopes[0].cost)
            self.found = Backward(right, tuple(fits[True]), tuple(fits[False]))

    def _at(self, slope: OwnSlope) -> Any:
        return self._case.arguments[self._key.question.parameters.index(slope.argument)]

    def _points(self, slope: OwnSlope) -> list[Any]:
        """Return the values of one argument at which the cost is asked for, in order."""
        points: list[Any] = []

        def note(point: Any) -> float:
            points.append(point)
            return 0.0

        central_differences(note, self._at(slope))
        return points

    def _trial(self, slope: OwnSlope, point: Any) -> Trial:
        at = self._key.question.parameters.index(slope.argument)
        moved = float(point) if np.ndim(point) == 0 else point
        arguments = (*self._case.arguments[:at], moved, *self._case.arguments[at + 1 :])
        return Trial(self._key.question.name, self._case.id, traced=False, arguments=arguments)

    def _values(self, seen: Observation) -> dict[str, Any] | None:
        """Return the leaves of what came back, if it has the structure that is due."""
        if seen.status != "returned":
            return None
        due = self._case.expected.value
        found = compare(self._key.question, seen.value, due)
        if any(each.fault in ("structure", "kind") for each in found):
            return None
        return dict(counterparts(self._key.question, seen.value, due))

    def _cost(self, slope: OwnSlope, seen: Observation) -> float | None:
        return _number((self._values(seen) or {}).get(slope.cost))

    def _fits(
        self, slope: OwnSlope, values: Mapping[str, Any], costs: Sequence[float | None]
    ) -> bool | None:
        """Whether a gradient is the slope of the cost; None where that cannot be told."""
        own, here = values.get(slope.output), _number(values.get(slope.cost))
        known = [cost for cost in costs if cost is not None and np.isfinite(cost)]
        if len(known) < len(costs) or here is None or own is None:
            return None
        if _has_kink(known, here):
            return None
        each = iter(known)
        expected = central_differences(lambda _: next(each), self._at(slope))
        if np.size(own) != expected.size:  # of another shape it may be right all the same
            return False
        return relative_difference(np.reshape(own, expected.shape), expected) <= PRECISION

    def _is_right(self, values: Mapping[str, Any], cost: str) -> bool:
        due = leaves(self._case.expected.value, self._key.question.returns)[cost]
        return bool(np.allclose(np.ravel(values[cost]), np.ravel(due), rtol=PRECISION))


def _number(value: Any) -> float | None:
    is_number = isinstance(value, np.ndarray | np.generic | float | int) and np.size(value) == 1
    return float(np.ravel(np.asarray(value))[0]) if is_number else None


def _has_kink(costs: Sequence[float], here: float) -> bool:
    """Whether the cost rises otherwise to one side than to the other; costs are in pairs."""
    for ahead, behind in _pairs(costs):
        up, down = ahead - here, here - behind
        if abs(up - down) > KINK * max(abs(up), abs(down)) + 1e-12:
            return True
    return False


def _pairs(costs: Sequence[float]) -> Iterator[tuple[float, float]]:
    yield from zip(costs[::2], costs[1::2], strict=True)
