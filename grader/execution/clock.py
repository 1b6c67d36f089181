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
class Turns:
    """What a thread had of the processor, and waited for it: seconds, and how often it got it.

    A wait is in `waited` once it is over. `is_ready` says whether the thread runs or waits now.
    """

    ran: float = 0.0
    waited: float = 0.0
    number: int = 0
    is_ready: bool = False

    def waited_since(self, before: Turns, elapsed: float) -> float:
        """Return for how long it has waited since an earlier look."""
        if self.is_ready and before.is_ready and self.number == before.number:
            return elapsed - (self.ran - before.ran)  # it has waited all along, and does so still
        return self.waited - before.waited


@dataclass(frozen=True)
class Usage:
    """The processor time of all processes (seconds), and the threads of the one that is waited for.

    `stopped` says whether that one is stopped by a signal.
    """

    cpu: float = 0.0
    threads: Mapping[int, Turns] = field(default_factory=dict)
    stopped: bool = False


def usage(supervisor: int, process: int) -> Usage:
    """Look at all that a supervisor has below it; `process` is the one that is waited for.

    What a notebook has detached from its kernel is there, too: it is the supervisor's then.
    """
    spent = sum(map(int, _stat(supervisor)[13:15]))  # by children that were reaped
    spent += sum(sum(map(int, _stat(each)[11:15])) for each in walk(supervisor))
    threads = {
        thread: _turns(each, thread)
        for each in (process, *walk(process))
        for thread in _threads(each)
    }
    return Usage(spent / _TICKS, threads, _stat(process)[:1] in (["T"], ["t"]))


def counted(before: Usage, now: Usage, elapsed: float) -> float:
    """Return how much of some elapsed time is the code's own.

    That is less than nothing where a wait has turned out to have begun earlier.
    """
    if now.stopped:
        return 0.0
    waits = (
        turns.waited_since(before.threads.get(thread, Turns()), elapsed)
        for thread, turns in now.threads.items()
    )
    # If so much time has passed between two looks, this process has been stopped meanwhile.
    return min(elapsed, 2 * TICK) - max(waits, default=0.0)


def _stat(process: int, thread: int | None = None) -> list[str]:
    place = f"/proc/{process}/stat" if thread is None else f"/proc/{process}/task/{thread}/stat"
    with suppress(OSError):
        return Path(place).read_text(errors="replace").rpartition(")")[2].split()
    return []


def _threads(process: int) -> list[int]:
    with suppress(OSError):
        return [int(each) for each in os.listdir(f"/proc/{process}/task")]  # noqa: PTH208
    return []


def _turns(process: int, thread: int) -> Turns:
    with suppress(OSError, IndexError):
        said = Path(f"/proc/{process}/task/{thread}/schedstat").read_text().split()
        is_ready = _stat(process, thread)[0] == "R"
        return Turns(int(said[0]) / 1e9, int(said[1]) / 1e9, int(said[2]), is_ready)
    return Turns()  # where the system does not tell


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

    def struck(self, *, stopped: bool) -> Struck:
        """Say which bound of the whole notebook is exceeded, if one is.

        `stopped` says whether what is waited for stands still now, and not something before it.
        """
        if self.left <= 0:
            return "budget"
        if stopped and self.stopped > STOPPED:
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
    """The time of one kernel's code, below a supervisor; `kernel` is the kernel's own process."""

    def __init__(self, budget: Budget, kernel: int, supervisor: int) -> None:
        self.budget, self.kernel, self.supervisor = budget, kernel, supervisor

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
        self._beyond = 0.0  # what the latest look has counted beyond processor time
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
        found = usage(self._clock.supervisor, self._process)
        elapsed = self._elapsed()
        own = self._own(found, elapsed)
        self._left -= own
        self._clock.budget.take(own, elapsed - own, stopped=found.stopped)
        self._before, self._since, self._held = found, self._loop.time(), 0.0
        if self._held_since is not None:
            self._held_since = self._since
        struck = self._clock.budget.struck(stopped=found.stopped)
        self.struck = "limit" if self._left <= 0 else struck
        if self.struck:
            self._strike()
        else:
            self._wait()

    def _own(self, found: Usage, elapsed: float) -> float:
        """Return what counts since the latest look, of which processor time always does.

        What that look has counted beyond it is given back where it turns out to be a wait.
        """
        if self._before is None:  # what was used before is not known: little time has passed
            self._beyond = min(elapsed, 2 * TICK)
            return self._beyond
        cpu = max(0.0, min(elapsed, found.cpu - self._before.cpu))
        own = counted(self._before, found, elapsed)
        own = max(own, cpu) if own >= 0 else cpu - min(-own, self._beyond)
        self._beyond = max(0.0, own - cpu)
        return own
