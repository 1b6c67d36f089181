"""How long a student's code has run: a clock that stands still where the machine does.

What counts is the time in which the code ran, or waited for something of its own choice. What does
not: waiting for a processor that others hold (proc_pid_schedstat, the second number), being stopped
from outside, and whatever happens while the grader itself is stopped. The processor time of all of
the notebook's processes counts in any case, so nobody gains by keeping the machine busy.
"""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from grader.errors import DisturbedError
from grader.execution.sandbox.memory import walk

TICK = 0.2  # seconds between two looks
PATIENCE = 300.0  # seconds that a notebook may wait for the machine,
STOPPED = 60.0  # and stand still in all: code can stop its own processes, too
SHARE = 1 / 30  # of a processor: with less than that, in the end, a machine has no time for it
_TICKS = os.sysconf("SC_CLK_TCK")

Struck = Literal["", "limit", "budget", "stopped", "machine"]


class OutOfTimeError(Exception):
    """The notebook has used up the seconds that it may take in all."""


@dataclass(frozen=True)
class Usage:
    """What some processes have used: processor time, and time that each thread waited for it.

    `stopped` says whether the one that is waited for is stopped by a signal. In seconds.
    """

    cpu: float = 0.0
    waited: Mapping[int, float] = field(default_factory=dict)
    stopped: bool = False


def usage(root: int, process: int) -> Usage:
    """Look at a process with all its descendants; `process` is the one that is waited for."""
    cpu, waited = 0.0, {}
    for each in (root, *walk(root)):
        cpu += sum(map(int, _stat(each)[11:15])) / _TICKS  # also of children that were reaped
        for thread in _threads(each):
            waited[thread] = _waited(each, thread)
    return Usage(cpu, waited, _stat(process)[:1] in (["T"], ["t"]))


def counted(before: Usage, now: Usage, elapsed: float) -> float:
    """Return how much of some elapsed time is the code's own."""
    own = min(elapsed, now.cpu - before.cpu)
    if now.stopped:
        return max(0.0, own)
    waits = (each - before.waited.get(thread, 0.0) for thread, each in now.waited.items())
    # If so much time has passed between two looks, this process has been stopped meanwhile.
    return max(0.0, own, min(elapsed, 2 * TICK) - max(waits, default=0.0))


def _stat(process: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()
    return []


def _threads(process: int) -> list[int]:
    with suppress(OSError):
        return [int(each) for each in os.listdir(f"/proc/{process}/task")]  # noqa: PTH208
    return []


def _waited(process: int, thread: int) -> float:
    with suppress(OSError, IndexError):
        return int(Path(f"/proc/{process}/task/{thread}/schedstat").read_text().split()[1]) / 1e9
    return 0.0  # where the system does not tell


@dataclass
class Budget:
    """The seconds that are left of those that one notebook may take, all in all.

    Those in which it was `stopped`, or `waited` for a processor, are not among them.
    """

    left: float
    taken: float = 0.0
    stopped: float = 0.0
    waited: float = 0.0

    def take(self, own: float, others: float = 0.0, *, stopped: bool = False) -> None:
        """Count seconds of the notebook's own, and others."""
        self.left -= own
        self.taken += own
        if stopped:
            self.stopped += others
        else:
            self.waited += others

    @property
    def struck(self) -> Struck:
        """Say which bound of the whole notebook is exceeded, if one is."""
        if self.left <= 0:
            return "budget"
        if self.stopped > STOPPED:
            return "stopped"
        return "machine" if self.waited > PATIENCE + self.taken / SHARE else ""

    @contextmanager
    def spared(self) -> Iterator[None]:
        """Take nothing for what is done meanwhile, which has limits of its own."""
        before, self.left = self.left, math.inf
        try:
            yield
        finally:
            self.left = before


class Clock:
    """The time of one kernel's code: `kernel` is its process, which all others descend from."""

    def __init__(self, budget: Budget, kernel: int) -> None:
        self.budget, self.kernel = budget, kernel

    @asynccontextmanager
    async def limit(self, seconds: float, process: int = 0) -> AsyncIterator[Watch]:
        """Bound the time that is spent within; `process` is the one that is waited for.

        Raises TimeoutError after so many seconds, OutOfTimeError where the notebook's are used up,
        DisturbedError where the machine gives it no time.
        """
        async with asyncio.timeout(None) as timeout:
            now = asyncio.get_running_loop().time
            with self.watch(seconds, lambda: timeout.reschedule(now()), process) as watch:
                try:
                    yield watch
                except asyncio.CancelledError:
                    watch.raise_other_than_limit()
                    raise

    @contextmanager
    def watch(
        self, seconds: float, strike: Callable[[], None], process: int = 0
    ) -> Iterator[Watch]:
        """Call `strike` once the time is over; the watch then says which."""
        watch = Watch(self, seconds, strike, process or self.kernel)
        try:
            yield watch
        finally:
            watch.end()


class Watch:
    """One stretch of time that is bounded."""

    def __init__(
        self, clock: Clock, seconds: float, strike: Callable[[], None], process: int
    ) -> None:
        self._clock, self._left, self._strike, self._process = clock, seconds, strike, process
        self._loop = asyncio.get_running_loop()
        self._since = self._loop.time()
        self._before: Usage | None = None
        self._held = 0.0
        self._held_since: float | None = None
        self.struck: Struck = ""
        self._next: asyncio.TimerHandle | None = None
        self._wait()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Count nothing of what goes by meanwhile: the code waits for the grader."""
        self._held_since = self._loop.time()
        try:
            yield
        finally:
            self._held += self._loop.time() - self._held_since
            self._held_since = None

    def raise_other_than_limit(self) -> None:
        """Raise what is to be said where it is not the limit of this stretch that has struck."""
        if self.struck == "budget":
            raise OutOfTimeError
        if self.struck == "machine":
            raise DisturbedError("the machine had almost no processor time for the notebook")

    def end(self) -> None:
        """Look no more."""
        if self._next:
            self._next.cancel()
        if not self.struck:
            self._clock.budget.take(min(self._elapsed(), 2 * TICK))

    def _wait(self) -> None:
        self._next = self._loop.call_later(min(TICK, max(TICK / 10, self._left)), self._look)

    def _elapsed(self) -> float:
        now = self._loop.time()
        held = self._held + (now - self._held_since if self._held_since is not None else 0.0)
        return max(0.0, now - self._since - held)

    def _look(self) -> None:
        found = usage(self._clock.kernel, self._process)
        elapsed = self._elapsed()
        own = counted(self._before or Usage(waited=found.waited), found, elapsed)
        if self._before is None:  # what was used before is not known: little time has passed
            own = min(elapsed, 2 * TICK)
        self._left -= own
        self._clock.budget.take(own, elapsed - own, stopped=found.stopped)
        self._before, self._since, self._held = found, self._loop.time(), 0.0
        if self._held_since is not None:
            self._held_since = self._since
        self.struck = "limit" if self._left <= 0 else self._clock.budget.struck
        if self.struck == "stopped" and not found.stopped:
            self.struck = ""  # it was another one that stood still for so long
        if self.struck:
            self._strike()
        else:
            self._wait()
