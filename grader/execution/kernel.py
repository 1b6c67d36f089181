"""A Runner over kernels that a warm parent forks, each confined before student code runs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from grader.errors import DisturbedError
from grader.execution.forked import Kernels
from grader.execution.notebook import NotebookRun
from grader.execution.own import Files, python_files
from grader.execution.parent import Zygote
from grader.execution.plan import Plan
from grader.execution.runner import Again, Answerer, Request
from grader.execution.sandbox.confine import Step
from grader.execution.sandbox.ladder import Machine
from grader.results import Run
from grader.spec import Assignment, Limits

GRACE = 0.5  # seconds; a process's sockets are closed a moment before it has ended


class KernelRunner:
    """Runs every notebook in a kernel of its own, forked from one warm parent.

    For several threads at once. `step` is a step of the sandbox's ladder: the highest that works on
    this machine if none is given. `prefix` is a command that runs the parent's; `where` is a folder
    for temporary files, the system's if none is given.
    """

    def __init__(
        self, step: Step | None = None, prefix: Sequence[str] = (), where: Path | None = None
    ) -> None:
        self._step, self._prefix, self._where = step, prefix, where
        self._lock = threading.Lock()
        self._zygote = Zygote(prefix, where)

    @property
    def machine(self) -> Machine:
        """What was found out about this machine's sandbox."""
        with suppress(DisturbedError):
            return self._found()
        return self._found()

    def _found(self) -> Machine:
        with self._living() as zygote:
            return zygote.machine

    @property
    def step(self) -> Step:
        """The step of the ladder at which notebooks run."""
        return self._step or self.machine.step

    def plan(self, path: Path, assignment: Assignment, files: Files | None = None) -> Plan:
        """Read a notebook and plan its run, in a process of its own (see Runner)."""
        with self._living() as zygote:
            return zygote.plan(path, assignment, python_files(files or {}))

    def run(
        self,
        plan: Plan,
        requests: Sequence[Request],
        limits: Limits,
        support: Path | None,
        again: Again | None = None,
        answerer: Answerer | None = None,
    ) -> Run:
        """Run the planned notebook, then answer every request (see Runner)."""
        with self._living() as zygote:
            kernels = Kernels(zygote, self.step, limits, support)
            whole = NotebookRun(plan, requests, limits, kernels, again, answerer)
            return asyncio.run(whole.run())

    @contextmanager
    def _living(self) -> Iterator[Zygote]:
        """Use the parent process, or what replaces it, once for all threads, if it has ended."""
        zygote = self._replaced(self._zygote)
        try:
            yield zygote
        except DisturbedError:
            self._replaced(zygote, seconds=GRACE)
            raise

    def _replaced(self, zygote: Zygote, seconds: float = 0.0) -> Zygote:
        with self._lock:
            if self._zygote is zygote and zygote.has_ended(seconds):
                zygote.close()
                self._zygote = Zygote(self._prefix, self._where)
            return self._zygote

    def close(self) -> None:
        """End the parent process."""
        self._zygote.close()

    def __enter__(self) -> KernelRunner:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
