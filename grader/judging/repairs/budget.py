"""How many calls a search may make: counted by what they cost, not by the clock.

A machine that is busy, or slow, is to find the same as another one. So a call costs what its
function took of the processor, in steps so coarse that two runs seldom differ, and never less than
what asking and judging takes.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Iterable

from grader.results import Observation

LEAST = 0.001  # seconds, for a call of a function that takes no time
PATIENCE = 4  # times as long by the clock is too long
MOST_AT_A_TIME = 10.0  # seconds by the clock, between one payment and the next
MOST_AT_ONCE = 100  # calls: the next ones may cost much more than these


def cost(seen: Observation) -> float:
    """Return what a call cost: the least, or that times a power of the root of two."""
    steps = math.ceil(2 * math.log2(seen.cpu / LEAST)) if seen.cpu > LEAST else 0
    return LEAST * math.sqrt(2.0) ** steps


class Budget:
    """What is left of a number of seconds."""

    def __init__(self, seconds: float) -> None:
        self.left = seconds
        self._patience, self._since = PATIENCE * seconds, time.monotonic()
        self._costs: list[float] = []
        self._latest = LEAST  # what a call cost lately

    def spend(self, observations: Iterable[Observation]) -> None:
        """Pay for calls that were made."""
        self._patience -= self._passed()
        self._since = time.monotonic()
        costs = [cost(seen) for seen in observations]
        if costs:
            self._latest = sum(costs) / len(costs)
        self.left -= sum(costs)
        self._costs += costs

    @property
    def is_spent(self) -> bool:
        """Whether no more calls may be made."""
        return self.left <= 0 or self._passed() > self._patience

    def _passed(self) -> float:
        """Return the seconds since the latest calls; what takes longer has stood still."""
        return min(time.monotonic() - self._since, MOST_AT_A_TIME)

    def calls(self, seconds: float) -> int:
        """Return how many calls may be made for a part of it, if they cost what most calls did."""
        usual = statistics.median_high(self._costs) if self._costs else LEAST
        return max(0, int(min(seconds, self.left) / usual))

    def batch(self, seconds: float) -> int:
        """Return how many calls are to be asked for at once, if they cost what the latest did."""
        return max(1, min(MOST_AT_ONCE, int(seconds / self._latest)))
