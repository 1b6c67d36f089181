"""An Executor over a Dask client that knows what may go wrong on a cluster.

Dask gives what a worker held that died to other workers, a few times, and blames all that was held.
It cannot tell which of it was to blame; here, that is found out.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor, Future
from contextlib import asynccontextmanager
from typing import Any

from distributed.scheduler import KilledWorker

from grader.batch.cluster import Cluster
from grader.batch.members import Members
from grader.batch.pool import WorkerDiedError
from grader.batch.work import Environment, UnfitError, Work
from grader.errors import WorkersGoneError

TRIES = 3
CHECK_SECONDS = 1.0
JOIN_SECONDS = 20.0  # until a worker that can be used has joined, where the last one has left
DIED = "each worker process that was to grade it died, also when it graded nothing else"
NONE_LEFT = "no worker of the cluster that can be used is left"
GONE = (
    "the Dask cluster has let go of what it was given: its scheduler ended, was restarted or "
    "cannot be reached"
)


class SpreadCluster(Cluster):
    """A Dask cluster."""

    executor: Spread

    def environment(self) -> Environment:
        """Return the environment of the run, when a worker that can be used has joined."""
        return self.executor.members.due.result()


class Spread(Executor):
    """Runs functions on the workers of a Dask cluster.

    The work of a run is sent to the scheduler once, and goes from worker to worker.
    """

    def __init__(self, client: Any, say: Callable[[str], None]) -> None:
        self._client, self._loop = client, client.loop.asyncio_loop
        self._executor = client.get_executor(pure=False)
        self._works: dict[str, Any] = {}
        self._turns = Turns()
        self.members = Members(client, self._executor, say)
        self._watch = self._begin(self.members.watch())

    def _begin(self, coroutine: Any) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a function called by a worker; it and its arguments are pickled."""
        return self._begin(self._call(fn, args, kwargs))

    def slots(self) -> int:
        """Twice as many as there are threads: a worker need not wait for the next one."""
        threads, unfit = self.members.threads, self.members.unfit
        return 2 * sum(count for address, count in threads.items() if address not in unfit)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """Let go of everything; the scheduler cancels what is still under way."""
        self._watch.cancel()
        self._executor.shutdown(wait)

    async def _call(self, *call: Any) -> Any:
        """Call; after deaths in company, once more alone."""
        async with self._turns.together():
            try:
                return await self._patiently(*call)
            except KilledWorker:
                pass
        async with self._turns.alone():
            try:
                return await self._patiently(*call)
            except KilledWorker as error:
                raise WorkerDiedError(DIED) from error

    async def _patiently(self, *call: Any) -> Any:
        """Call; again, if a worker could not do it that had not been looked at yet."""
        for _ in range(TRIES - 1):
            try:
                return await self._once(*call)
            except (UnfitError, ImportError):
                await self.members.looked_at()
        return await self._once(*call)

    async def _once(self, fn: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Call, on workers that can be used; if those are gone, on the others of that kind."""
        while True:
            usable = await self._usable()
            sent = [self._sent(arg) for arg in args]
            workers = list(usable) if usable else None
            future = self._executor.submit(fn, *sent, workers=workers, **kwargs)
            waiting = asyncio.wrap_future(future)
            if not await self._ended(waiting, usable):
                future.cancel()
            elif waiting.cancelled():
                raise WorkersGoneError(GONE)
            else:
                return waiting.result()

    async def _usable(self) -> set[str] | None:
        """Return whom to ask, or None if it may be anybody; wait a while for one to join.

        Raises WorkersGoneError if there are only workers that cannot be used.
        """
        since = self._loop.time()
        while (usable := self.members.usable()) == set():
            if self.members.is_looking:
                since = self._loop.time()
            if self._loop.time() - since > JOIN_SECONDS:
                reason = next(iter(self.members.unfit.values()))
                raise WorkersGoneError(f"{NONE_LEFT}: the others {reason}")
            await asyncio.sleep(CHECK_SECONDS)
        return usable

    async def _ended(self, waiting: asyncio.Future[Any], usable: set[str] | None) -> bool:
        """Wait; return False if there is nobody left of those who were asked."""
        while not waiting.done():
            await asyncio.wait({waiting}, timeout=CHECK_SECONDS if usable else None)
            if usable and not waiting.done() and not usable & self.members.threads.keys():
                return False
        return True

    def _sent(self, argument: Any) -> Any:
        """Return what stands for an argument; of a run's work, which is large, one thing for all.

        If the workers that have it die, Dask makes it again from what the scheduler has.
        """
        if not isinstance(argument, Work):
            return argument
        known = self._works.get(argument.digest)
        if known is None or known.status in {"error", "cancelled"}:
            known = self._client.submit(_itself, argument, pure=False)
            self._works[argument.digest] = known
        return known


def _itself(work: Work) -> Work:
    return work


class Turns:
    """Many together, or one alone, when the others have ended: then whoever came has to wait."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self._together, self._alone = 0, False

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """Be one of many."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._alone)
            self._together += 1
        try:
            yield
        finally:
            async with self._changed:
                self._together -= 1
                self._changed.notify_all()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Be the only one."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._alone and not self._together)
            self._alone = True
        try:
            yield
        finally:
            async with self._changed:
                self._alone = False
                self._changed.notify_all()
