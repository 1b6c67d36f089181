"""Workers on other machines: an Executor over a Dask cluster."""

from __future__ import annotations

import importlib
import logging
import os
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from grader.batch.work import Environment
from grader.batch.worker import describe
from grader.errors import UsageError

LOCAL = "local"
CONNECT_SECONDS = 10
LOGGERS = ("distributed", "distributed.client", "distributed.gc", "tornado", "tornado.application")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Cluster:
    """An Executor, and how many submissions it has room for: this may change."""

    executor: Executor
    slots: Callable[[], int]

    def environment(self) -> Environment:
        """Return the workers' environment, when there is a worker."""
        return self.executor.submit(describe).result()


@contextmanager
def dask_cluster(address: str, workers: int, say: Say) -> Iterator[Cluster]:
    """Connect to the scheduler at an address, or begin a cluster of processes here (`local`).

    What the instructor should know of the cluster is said with `say`. Raises UsageError if there is
    no scheduler, or Dask is not installed.
    """
    distributed = _distributed()
    from grader.batch.spread import Spread, SpreadCluster  # noqa: PLC0415 - needs the extra

    with ExitStack() as stack:
        stack.enter_context(_quiet())
        where: Any = address
        if address == LOCAL:
            where = stack.enter_context(distributed.LocalCluster(**_local(workers)))
        try:
            client = stack.enter_context(distributed.Client(where, timeout=CONNECT_SECONDS))
        except Exception as error:  # an address can be wrong in many ways
            reason = "no Dask scheduler answers there; expected an address as tcp://host:8786"
            raise UsageError(f"--dask {address}: {reason}") from error
        spread = Spread(client, say)
        stack.callback(spread.shutdown, wait=False)
        if not client.nthreads():
            say(f"no worker has joined the cluster at {address} yet; waiting for one")
        yield SpreadCluster(spread, spread.slots)


def _distributed() -> Any:
    try:
        return importlib.import_module("distributed")
    except ImportError as error:
        reason = "--dask needs Dask: pip install 'numpy-notebook-grader[dask]'"
        raise UsageError(reason) from error


def _local(workers: int) -> dict[str, Any]:
    """Return what a cluster on this machine is made of.

    Memory is not divided among its workers: kernels have limits of their own, and a worker that
    Dask thinks too large would be paused. Nothing listens but on this machine.
    """
    return {
        "n_workers": workers,
        "threads_per_worker": 1,
        "host": "127.0.0.1",
        "dashboard_address": None,
        "memory_limit": 0,
        "silence_logs": logging.CRITICAL,
        "preload": ["grader.batch.apart"],
    }


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's log and warnings from the terminal, unless tracebacks are asked for.

    What goes wrong is told by what becomes of each submission; how, Dask's own log on the scheduler
    and the workers says.
    """
    if "GRADER_TRACEBACK" in os.environ:
        yield
        return
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"(dask|distributed)\b")
        for logger in loggers:
            logger.setLevel(logging.CRITICAL + 1)
        try:
            yield
        finally:
            for logger, level in zip(loggers, before, strict=True):
                logger.setLevel(level)
