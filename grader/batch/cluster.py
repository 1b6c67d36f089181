"""Workers on other machines: an Executor over a Dask cluster."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from grader.errors import UsageError

LOCAL = "local"
CONNECT_SECONDS = 30


@dataclass(frozen=True)
class Cluster:
    """An Executor, and how many submissions it has room for: this may change."""

    executor: Executor
    slots: Callable[[], int]


@contextmanager
def dask_cluster(address: str, workers: int) -> Iterator[Cluster]:
    """Connect to the scheduler at an address, or begin a cluster of processes here (`local`).

    Dask itself tries again what a worker held that died. Raises UsageError if there is no
    scheduler, or Dask is not installed.
    """
    try:
        distributed: Any = importlib.import_module("distributed")  # an extra, without types
    except ImportError as error:
        reason = "--dask needs Dask: pip install 'numpy-notebook-grader[dask]'"
        raise UsageError(reason) from error
    with ExitStack() as stack:
        where = address
        if address == LOCAL:
            where = stack.enter_context(
                distributed.LocalCluster(
                    n_workers=workers, threads_per_worker=1, dashboard_address=None
                )
            )
        try:
            client = stack.enter_context(distributed.Client(where, timeout=CONNECT_SECONDS))
        except (OSError, TimeoutError, ValueError) as error:
            reason = f"--dask {address}: no Dask scheduler answers there ({error})"
            raise UsageError(reason) from error

        def slots() -> int:
            """Twice as many as there are threads: a worker need not wait for the next one."""
            return 2 * int(sum(client.nthreads().values()))

        yield Cluster(client.get_executor(pure=False), slots)
