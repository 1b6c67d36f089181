"""The local pool: an Executor over processes of its own, each with one parent of kernels.

Unlike those of `concurrent.futures.ProcessPoolExecutor`, a worker that dies takes nothing with it
but what it held, and that is tried once more on a new one; no worker outlives the grader, however
it ends; and Ctrl-C at the terminal reaches the grader alone.

    python -m grader.batch.pool DESCRIPTOR [STEP]
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from grader.batch import costs
from grader.batch.costs import Costs, TooCostlyError
from grader.batch.work import UnfitError
from grader.errors import GraderError
from grader.execution.sandbox.confine import Step

P = ParamSpec("P")
T = TypeVar("T")
PACKAGE_ROOT = Path(__file__).parents[2]
CLOSE_SECONDS = 10.0
CHECK_SECONDS = 0.1  # between looks at what a worker costs
WARM = b"warm"


class WorkerDiedError(GraderError):
    """A worker process ended while it held a task, and so did the next one that was given it."""


class LocalPool(Executor):
    """Runs functions in spawned processes, as many at once as there are `workers`.

    All are started at once, and warm up while there is nothing to do yet. `step` is a step of the
    sandbox's ladder, the highest that works if none is given.
    """

    def __init__(self, workers: int, step: Step | None = None) -> None:
        self._step = step
        self._ending = False
        self._lock = threading.Lock()
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._all = {_Worker(step) for _ in range(workers)}
        for worker in self._all:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="worker")

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a function called in one of the processes; it and its arguments are pickled."""
        return self._threads.submit(self._call, fn, args, kwargs)

    def _call(self, function: Callable[..., T], args: Any, kwargs: Any) -> T:
        for last in (False, True):
            worker = self._idle.get()
            try:
                return cast("T", worker.call(function, args, kwargs))
            except UnfitError:  # what it found out when it started may have been disturbed
                worker.ended()
                worker = self._replacement(worker)
                if last or self._ending:
                    raise
            except TooCostlyError:  # whoever it is given to: it is not tried again
                worker = self._replacement(worker)
                raise
            except EOFError as error:
                ended = worker.ended()
                worker = self._replacement(worker)
                if last or self._ending:
                    raise WorkerDiedError(f"the worker process that graded it {ended}") from error
            finally:
                self._idle.put(worker)
        raise AssertionError

    def _replacement(self, dead: _Worker) -> _Worker:
        """Start a worker in place of a dead one, unless all are being ended."""
        with self._lock:
            if self._ending:
                return dead
            self._all.discard(dead)
            worker = _Worker(self._step)
            self._all.add(worker)
            return worker

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """Let what runs come to its end, and end the processes."""
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        for worker in self._all:
            worker.close()

    def kill(self) -> None:
        """End the processes at once, with what they run."""
        with self._lock:
            self._ending = True
            for worker in self._all:
                worker.kill()
        self.shutdown(cancel_futures=True)


class _Worker:
    """One process, and this end of its connection. For one thread at a time."""

    def __init__(self, step: Step | None) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", __name__, str(theirs.fileno()), *([step] if step else [])]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this Python, and a module of ours
                command,
                pass_fds=[theirs.fileno()],
                env=_environment(),
                stdin=subprocess.DEVNULL,
                process_group=0,  # of which the terminal knows nothing
            )
        self._connection = Connection(ours.detach())
        self._is_warm = False

    def call(self, function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Return what a call gives in the process.

        Raises EOFError if the process has ended, TooCostlyError if it costs more than it may; then
        the process is ended.
        """
        task = pickle.dumps((function, args, kwargs))
        try:
            self._wait_until_warm()
            before = costs.of_process(self._process.pid)
            self._connection.send_bytes(task)
            while not self._connection.poll(CHECK_SECONDS):
                self._check(before, len(task))
            error, value = self._connection.recv()
        except (OSError, EOFError) as lost:
            raise EOFError from lost
        if error:
            raise error
        return value

    def _wait_until_warm(self) -> None:
        """Wait for the process's first word: what it costs is counted from there on."""
        if not self._is_warm:
            self._connection.recv_bytes()
            self._is_warm = True

    def _check(self, before: Costs, sent: int) -> None:
        try:
            costs.check(before, costs.of_process(self._process.pid), sent)
        except TooCostlyError:
            self.kill()
            self._process.wait()
            raise

    def ended(self) -> str:
        """Say how the process ended."""
        self.kill()
        code = self._process.wait()
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    def close(self) -> None:
        """Have the process end by itself, and end it if it does not."""
        self._connection.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(CLOSE_SECONDS)
        self._process.kill()
        self._process.wait()


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(PACKAGE_ROOT), "OPENBLAS_NUM_THREADS": "1"}


# ---------------------------------------------------------------- in the process


def serve(connection: Connection) -> None:
    """Do one call after another, until the grader closes the connection or is gone."""
    tasks: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(connection, tasks), daemon=True).start()
    while (task := tasks.get()) is not None:
        answer: tuple[Exception | None, Any]
        try:
            function, args, kwargs = pickle.loads(task)  # noqa: S301 - the grader's own
            answer = None, function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - whoever asked is told
            answer = error, None
        _send(connection, answer)


def _receive(connection: Connection, tasks: queue.SimpleQueue[bytes | None]) -> None:
    """Take tasks. If the grader is gone while one runs, nobody waits for its end.

    What the process leaves behind then, others remove (`grader.batch.desk`).
    """
    with suppress(OSError, EOFError):
        while True:
            tasks.put(connection.recv_bytes())
    tasks.put(None)
    time.sleep(1)
    os._exit(1)


def _send(connection: Connection, answer: tuple[Exception | None, Any]) -> None:
    try:
        connection.send(answer)
    except (OSError, EOFError):
        return
    except Exception as error:  # noqa: BLE001 - an exception, or a value, that cannot be pickled
        connection.send((GraderError(f"{type(error).__name__}: {error}"), None))


def main(descriptor: int, step: Step | None = None) -> None:
    """Be a worker: warm up, and serve."""
    from grader.batch.desk import desk  # noqa: PLC0415 - heavy; not for the grader's own process

    desk(step)
    connection = Connection(descriptor)
    with suppress(OSError):  # nobody wants it any more
        connection.send_bytes(WARM)
    serve(connection)


if __name__ == "__main__":
    main(int(sys.argv[1]), cast("Step | None", next(iter(sys.argv[2:]), None)))
