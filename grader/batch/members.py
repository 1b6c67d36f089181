"""The workers of a Dask cluster: which there are, and which of them can be used for a run.

Everything here happens on the event loop of the Dask client.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from grader.batch.work import Environment, differences, environment
from grader.batch.worker import describe
from grader.errors import GraderError, UsageError, WorkersGoneError

TICK_SECONDS = 1.0


class Members:
    """Looks at each worker that joins, before it is counted on.

    Those are used that have this process's grader, Python and NumPy: others would give other
    results than the command itself, and one that refuses all it is given would get all. The first
    of them decides about what else belongs to the environment of the run.
    """

    def __init__(self, client: Any, executor: Any, say: Callable[[str], None]) -> None:
        self._client, self._executor, self._say = client, executor, say
        self._looks: dict[str, asyncio.Task[None]] = {}
        self._described: dict[str, Environment] = {}
        self._said: set[str] = set()
        self.threads: dict[str, int] = {}
        self.unfit: dict[str, str] = {}
        self.due: Future[Environment] = Future()

    async def watch(self) -> None:
        """Keep up with who joins and who leaves, until cancelled or the scheduler is gone."""
        try:
            while self._client.status in {"running", "connecting"}:
                await self._keep_up()
                await asyncio.sleep(TICK_SECONDS)
        finally:
            for look in self._looks.values():
                look.cancel()
            if not self.due.done():
                self.due.set_exception(WorkersGoneError("the Dask scheduler is gone"))

    async def _keep_up(self) -> None:
        try:
            threads = await self._client.nthreads()
        except Exception:  # noqa: BLE001 - of many kinds; the client notices by itself
            return
        self.threads = dict(threads)
        for address in self._looks.keys() - self.threads:
            self._looks.pop(address).cancel()
            self._described.pop(address, None)
            self.unfit.pop(address, None)
        for address in self.threads.keys() - self._looks.keys():
            self._looks[address] = asyncio.create_task(self._look(address))

    async def _look(self, address: str) -> None:
        asked = self._executor.submit(describe, workers=[address])
        try:
            self._described[address] = await asyncio.wrap_future(asked)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it
            own = isinstance(error, GraderError)
            reason = str(error) if own else f"{type(error).__name__}: {error}"
            self._exclude(address, f"cannot grade ({reason})")
        self._judge(address)

    def _judge(self, latest: str) -> None:
        for address, found in self._described.items():
            if other := _other(found):
                self._exclude(address, f"have {other}")
        if not self.due.done():
            self._decide(latest)
        if self.due.done() and not self.due.exception():
            due = self.due.result()
            for address, found in self._described.items():
                if other := differences(found, due):
                    self._exclude(address, f"have {other}; the run was begun with others")

    def _decide(self, latest: str) -> None:
        """Decide about the run's environment, if enough is known."""
        fit = [env for address, env in self._described.items() if address not in self.unfit]
        same = [env for env in fit if env == environment(env.step)]
        looking = any(not look.done() for address, look in self._looks.items() if address != latest)
        if same or (fit and not looking):
            self.due.set_result((same or fit)[0])
        elif not looking:
            reason = f"workers such as {latest} {self.unfit[latest]}"
            self.due.set_exception(UsageError(f"no worker of the cluster can be used: {reason}"))

    def _exclude(self, address: str, reason: str) -> None:
        if address not in self.unfit and reason not in self._said:
            self._said.add(reason)
            self._say(f"workers such as {address} are not used: they {reason}")
        self.unfit.setdefault(address, reason)

    def usable(self) -> set[str] | None:
        """Return whom to ask, or None if it may be anybody; nobody is left if it is empty."""
        if not self.unfit:
            return None
        return {address for address in self._described if address not in self.unfit}

    @property
    def is_looking(self) -> bool:
        """Whether there is a worker that has not been looked at yet."""
        return any(not look.done() for look in self._looks.values())

    async def looked_at(self) -> None:
        """Wait until all workers that there are have been looked at."""
        await self._keep_up()
        await asyncio.wait([*self._looks.values(), asyncio.create_task(asyncio.sleep(0))])


def _other(found: Environment) -> str:
    """Say in what a worker's grader, Python or NumPy is not this one's.

    Of Python, the feature release counts: the same code runs alike in all of its bug fixes.
    """
    own = environment(found.step)
    pairs = (
        ("grader", found.grader, own.grader),
        ("Python", _feature_release(found.python), _feature_release(own.python)),
        ("NumPy", found.numpy, own.numpy),
    )
    for name, there, here in pairs:
        if there != here:
            return f"{name} {there}, and here it is {here}"
    return "" if found.code == own.code else "other source files of the grader than there are here"


def _feature_release(version: str) -> str:
    return ".".join(version.split(".")[:2])
