"""A Runner over kernels that a warm parent process forks, each confined before student code runs.

What is lost is lost once: after a cell that hangs or ends the kernel, another is forked and the
plan is run without the cell. A call that hangs or crashes costs a forked child of the kernel, no
more.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
import zmq.asyncio
from nbclient.exceptions import CellTimeoutError

from grader.errors import NoAnswerError
from grader.execution import jupyter
from grader.execution.channel import (
    Channel,
    ChannelBrokenError,
    ChannelClosedError,
    NoProcessError,
    Switchboard,
)
from grader.execution.jupyter import ForkedManager, WatchedClient
from grader.execution.limits import GB, MB, named, words
from grader.execution.parent import Ending, Zygote, ZygoteDiedError
from grader.execution.plan import Plan, PlannedCell, without
from grader.execution.rounds import Rounds
from grader.execution.runner import Again, Answerer, Request
from grader.execution.sandbox import private_root
from grader.execution.sandbox.confine import Confinement, Step
from grader.execution.sandbox.ladder import Machine
from grader.execution.supervisor import CHANNEL, KernelRequest
from grader.results import CellFailure, Observation, ObservationStatus, Place, RaisedError, Run
from grader.spec import Assignment, Limits

_nbformat: Any = nbformat.v4  # its functions have no types
MAX_LOST_CELLS = 10
OWN_PROCESSES = 24  # of the kernel itself: its threads, and a child for every question
OUTPUT_SLACK = 2  # the kernel keeps to the limit itself; beyond this it has been tampered with
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_LINE = re.compile(r"(?:line (\d+)|^-+> ?(\d+) )", re.MULTILINE)
_ANSWER = f"__import__('grader.execution.probe').execution.probe.serve({CHANNEL}, globals())"


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
        self._context = jupyter.messaging()

    @property
    def machine(self) -> Machine:
        """What was found out about this machine's sandbox."""
        return self._zygote.machine

    @property
    def step(self) -> Step:
        """The step of the ladder at which notebooks run."""
        return self._step or self.machine.step

    def plan(self, path: Path, assignment: Assignment) -> Plan:
        """Read a notebook and plan its run, in a process of its own (see Runner)."""
        zygote = self._zygote
        try:
            return zygote.plan(path, assignment)
        except ZygoteDiedError:
            return self._replacement(zygote).plan(path, assignment)

    def run(
        self,
        plan: Plan,
        requests: Sequence[Request],
        limits: Limits,
        support: Path | None,
        again: Again | None = None,
        answerer: Answerer | None = None,
    ) -> Run:
        """Run the planned notebook, then answer every request (see Runner).

        If the parent process dies, it is started again, and the notebook is run once more.
        """

        def run(zygote: Zygote) -> Run:
            kernels = Kernels(zygote, self.step, limits, support, self._context)
            whole = _NotebookRun(plan, requests, limits, kernels, again, answerer)
            return asyncio.run(whole.run())

        zygote = self._zygote
        try:
            return run(zygote)
        except ZygoteDiedError:
            return run(self._replacement(zygote))

    def _replacement(self, dead: Zygote) -> Zygote:
        """Return the zygote that replaces a dead one: the same for all threads that saw it die."""
        with self._lock:
            if self._zygote is dead:
                dead.close()
                self._zygote = Zygote(self._prefix, self._where)
            return self._zygote

    def close(self) -> None:
        """End the parent process."""
        self._zygote.close()
        self._context.destroy(linger=0)

    def __enter__(self) -> KernelRunner:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _LostError(Exception):
    """The kernel was lost while a cell ran; `error` says how."""

    def __init__(self, cell: PlannedCell, error: RaisedError) -> None:
        super().__init__()
        self.cell, self.error = cell, error


class _NotebookRun:
    """One notebook: its kernels, one after another, and what has been seen so far."""

    def __init__(
        self,
        plan: Plan,
        requests: Sequence[Request],
        limits: Limits,
        kernels: Kernels,
        again: Again | None = None,
        answerer: Answerer | None = None,
    ) -> None:
        self.plan, self.limits, self.kernels = plan, limits, kernels
        self.pending, self.again, self.answerer = list(requests), again, answerer
        self.first_round = len(self.pending)  # of the observations
        self.observations: list[Observation] = []
        self.lost: list[CellFailure] = []
        self.failures: list[CellFailure] = []
        self.told_hidden = False
        self.one_at_a_time = False
        self.seconds = dict.fromkeys(("cells", "calls", "causes"), 0.0)

    async def run(self) -> Run:
        """Answer all requests, or account for them when the notebook's time is up."""
        seconds = self.limits.notebook_seconds
        self.deadline = asyncio.get_running_loop().time() + seconds
        try:
            async with asyncio.timeout_at(self.deadline):
                while self.pending and len(self.lost) < MAX_LOST_CELLS:
                    await self._with_one_kernel()
        except TimeoutError:
            self._give_up(f"the {seconds:g} s that a notebook may take were over")
        self._give_up(f"{len(self.lost)} cells before it hang or end the process")
        whole = asyncio.get_running_loop().time() - self.deadline + seconds
        self.seconds["kernel"] = whole - sum(self.seconds.values())
        return Run(
            tuple(self.observations[: self.first_round]),
            tuple(self.lost + self.failures),
            self.seconds,
        )

    @contextlib.contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] += time.perf_counter() - started

    async def _with_one_kernel(self) -> None:
        """Run the plan in a fresh kernel and answer requests until all are, or it is lost."""
        async with self.kernels.fork(self.deadline) as kernel:
            try:
                with self._timed("cells"):
                    failures = [failure async for failure in kernel.run_cells(self.plan.cells)]
            except _LostError as lost:
                self.plan = without(self.plan, lost.cell)
                self.lost.append(_cell_failure(lost.cell, lost.cell.place, lost.error))
                return
            if not self.told_hidden:  # else a cell may tell what a call has left behind for it
                self.failures = failures
            switchboard = kernel.switchboard(self.plan)
            with self._timed("calls"):
                await self._ask(kernel, switchboard)
            if not self.pending and self.again:
                with self._timed("causes"):
                    await self._ask_more(kernel, switchboard, self.again)
                    self.again = None

    async def _ask(self, kernel: _Kernel, switchboard: Switchboard) -> None:
        """Ask every question on a channel of its own, until all is answered or the kernel lost."""
        channels: dict[str, Channel] = {}
        try:
            first = next(iter(self.pending), None)
            while self.pending:
                request = self.pending[0]
                if self.one_at_a_time and first and _group(request) != _group(first):
                    return
                self.told_hidden |= not request.visible
                # Reading a variable runs nothing of the student's: one child will do for all.
                group = request.question if request.kind == "function" else ""
                if group not in channels:
                    channels[group] = await self._open(switchboard, channels)
                if not await self._ask_one(request, channels[group], kernel):
                    switchboard.kill(channels.pop(group))
        except NoProcessError:
            limit = words("processes", self.limits)
            self._lose(self.pending[0].question, "crashed", error=RaisedError("", "", limit=limit))
        except ChannelClosedError:  # the kernel itself is lost
            self._blame(self.pending[0].question, await kernel.limit_that_ended_it())
        finally:
            for channel in channels.values():
                channel.close()

    async def _ask_more(self, kernel: _Kernel, switchboard: Switchboard, again: Again) -> None:
        """Ask what comes up, round after round; a kernel that is lost ends it."""
        rounds = Rounds(switchboard, kernel.has_ended, self.limits)
        seen: Sequence[Observation] = self.observations
        try:
            while requests := again(seen):
                if any(request.answered for request in requests):
                    seen = await self._ask_one_by_one(kernel, switchboard, requests)
                else:
                    seen = await rounds.ask(requests)
                if rounds.lost or len(seen) < len(requests):
                    return
        finally:
            rounds.close()

    async def _ask_one_by_one(
        self, kernel: _Kernel, switchboard: Switchboard, requests: Sequence[Request]
    ) -> Sequence[Observation]:
        """Ask what needs answers in between, as in the first round."""
        self.pending, before = list(requests), len(self.observations)
        await self._ask(kernel, switchboard)
        self.pending = []
        return self.observations[before:]

    async def _open(self, switchboard: Switchboard, others: dict[str, Channel]) -> Channel:
        """Open a channel; if there is no room for its process, end those that answer others.

        Raises NoProcessError if there is no room then, either.
        """
        try:
            return await switchboard.open()
        except NoProcessError:
            while others:
                switchboard.kill(others.popitem()[1])
            await asyncio.sleep(0.1)  # for what they have started to be gone, too
            return await switchboard.open()

    async def _ask_one(self, request: Request, channel: Channel, kernel: _Kernel) -> bool:
        """Ask one request; if its child is lost, so is the rest of its question.

        Raises ChannelClosedError if it is the kernel that was lost.
        """
        try:
            seen = await channel.ask(request, self.limits.call_seconds, self.answerer)
        except TimeoutError:
            self._lose(request.question, "timed_out", seconds=self.limits.call_seconds)
        except NoAnswerError as lost:
            self._lose(request.question, "not_reached", error=RaisedError("", str(lost)))
        except ChannelClosedError:
            if await kernel.has_ended():
                raise
            self._lose(request.question, "crashed")
        except ChannelBrokenError:
            self._lose(request.question, "unreadable")
        else:
            error = named(seen.error, self.limits) if seen.error else None
            self.observations.append(replace(seen, error=error))
            self.pending.pop(0)
            return True
        return False

    def _blame(self, question: str, limit: str) -> None:
        """Blame a question for the loss of a kernel, if no other one can have done it.

        Something that an earlier call has left running may have. So from the first loss on every
        question has a kernel of its own, for its visible and for its hidden cases.
        """
        if self.one_at_a_time or limit:
            error = RaisedError("", "", limit=limit) if limit else None
            self._lose(question, "crashed", error=error)
        self.one_at_a_time = True

    def _lose(self, question: str, status: ObservationStatus, **seen: Any) -> None:
        """Give all that is still to be asked of a question the fate of the call that was lost."""
        for request in [request for request in self.pending if request.question == question]:
            self.observations.append(request.observed(status, **seen))
            self.pending.remove(request)

    def _give_up(self, why: str) -> None:
        for request in self.pending:
            self.observations.append(request.observed("not_reached", error=RaisedError("", why)))
        self.pending = []


def _group(request: Request) -> tuple[str, bool]:
    return request.question, request.visible


# ---------------------------------------------------------------- the kernel


@dataclass(frozen=True)
class Kernels:
    """Where the kernels of one notebook come from."""

    zygote: Zygote
    step: Step
    limits: Limits
    support: Path | None
    context: zmq.asyncio.Context

    @contextlib.asynccontextmanager
    async def fork(self, deadline: float) -> AsyncIterator[_Kernel]:
        """Fork a kernel; at the end, end it with all that it has started."""
        with self.manager() as (manager, ours):
            client = WatchedClient(
                _nbformat.new_notebook(),
                km=manager,
                timeout=max(1, round(self.limits.cell_seconds)),
                allow_errors=True,
                store_widget_state=False,
            )
            client.most_output = int(OUTPUT_SLACK * self.limits.output_mb * MB)
            try:
                await client.async_start_new_kernel()
                await client.async_start_new_kernel_client()
                yield _Kernel(client, manager, self.limits, deadline, ours)
            finally:
                await _end(client, manager)

    @contextlib.contextmanager
    def manager(self) -> Iterator[tuple[ForkedManager, socket.socket]]:
        """Return a manager that can start a kernel, and the grader's end of its switchboard."""
        with self._home() as home, _socket_pair() as (ours, theirs):
            support = self.support if self.step == "A" else None  # elsewhere it is in the home
            yield (
                ForkedManager(self.zygote, self._request(home), theirs, support, self.context),
                ours,
            )

    @contextlib.contextmanager
    def _home(self) -> Iterator[str]:
        """Return the home as the kernel sees it: at step A in its own root, else a folder."""
        if self.step == "A":
            yield private_root.HOME
            return
        folder = tempfile.mkdtemp(prefix="grader-", dir=self.zygote.where)
        try:
            work = Path(folder) / private_root.WORK
            if self.support and self.support.is_dir():
                shutil.copytree(self.support, work, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                work.mkdir()
            for name in (private_root.SOCKETS, "tmp"):
                (Path(folder) / name).mkdir()
            yield folder
        finally:
            _remove(folder)

    def _request(self, home: str) -> KernelRequest:
        limits = self.limits
        confinement = Confinement(
            step=self.step,
            home=home,
            user=None,
            memory=int(limits.memory_gb * GB),
            processes=limits.processes + OWN_PROCESSES,
            disk=int(limits.disk_mb * MB),
            seconds=int(limits.notebook_seconds) + 60,
            landlock_abi=self.zygote.machine.landlock_abi,
        )
        return KernelRequest(
            confinement,
            jupyter.connection(f"{home}/{private_root.SOCKETS}"),
            _environment(home, self.step),
            output=int(limits.output_mb * MB),
            use_cgroup=not self.zygote.machine.cgroup,
        )


class _Kernel:
    """A running kernel with the grader's end of its switchboard."""

    def __init__(
        self,
        client: WatchedClient,
        manager: ForkedManager,
        limits: Limits,
        deadline: float,
        ours: socket.socket,
    ) -> None:
        self._client, self._manager, self._limits = client, manager, limits
        self._deadline, self._ours = deadline, ours
        if manager.leash:
            client.watch(manager.leash)

    async def run_cells(self, cells: Sequence[PlannedCell]) -> AsyncIterator[CellFailure]:
        """Run the cells one after another; yield what fails, and go on after it.

        Raises _LostError if a cell hangs or ends the kernel.
        """
        waiting = deque(cells)
        for index in itertools.count():
            if not waiting:
                return
            planned = waiting.popleft()
            cell = nbformat.from_dict(  # type: ignore[no-untyped-call]
                {"cell_type": "code", "source": planned.source, "metadata": {}, "outputs": []}
            )
            self._client.nb.cells.append(cell)
            try:
                await self._client.async_execute_cell(cell, index)
            except CellTimeoutError as error:
                why = f"it was stopped after {self._limits.cell_seconds:g} s"
                raise _LostError(planned, RaisedError("Timeout", why)) from error
            except Exception as error:
                # DeadKernelError, for which nbclient also takes our own cancellation; or messages
                # that are none, from a notebook that writes to every file.
                if asyncio.get_running_loop().time() >= self._deadline:
                    raise TimeoutError from error
                raise _LostError(planned, await self._end()) from error
            unseen = self._client.unseen_errors()
            failed = planned
            if unseen:  # the cell has stopped; an error that is only shown stops nothing
                failed, rest = planned.cut(_failed_place(planned, unseen[-1]).line)
                waiting.extendleft(reversed(rest))
            for output in cell.outputs or unseen:
                place = _failed_place(planned, output)
                yield _cell_failure(failed, place, _raised(output, self._limits))

    async def _end(self) -> RaisedError:
        """Say how a kernel that was lost in a cell has ended."""
        leash = self._manager.leash
        ending = await leash.kill() if leash else Ending(0)
        limit = words(self._client.stopped, self._limits) or words(ending.reason, self._limits)
        return RaisedError("Exit", "it ended the notebook's process", limit=limit)

    def switchboard(self, plan: Plan) -> Switchboard:
        """Let the kernel answer requests."""
        client: Any = self._client.kc
        client.iopub_channel.stop()  # nobody reads any more what it says there
        client.execute(_ANSWER, silent=True, store_history=False, allow_stdin=False)
        return Switchboard(self._ours, plan.definitions)

    async def limit_that_ended_it(self) -> str:
        """Return the limit because of which the kernel has ended, "" if there is none."""
        leash = self._manager.leash
        if leash is None or not await self.has_ended():
            return ""
        return words(leash.ended.result().reason, self._limits)

    async def has_ended(self) -> bool:
        """Whether the kernel is gone; waits a moment, since a child's end may be seen first."""
        leash = self._manager.leash
        if leash is None:
            return True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.2):
                await asyncio.shield(leash.ended)
        return leash.ended.done()


async def _end(client: WatchedClient, manager: ForkedManager) -> None:
    """End the kernel with all that it has started, and close its sockets."""
    if client.kc is not None:
        client.kc.stop_channels()
    if manager.leash is not None:
        with contextlib.suppress(TimeoutError):
            await manager.leash.kill()
    await manager.cleanup_resources()


def _remove(folder: str) -> None:
    """Remove a folder, however deep, and whatever rights its owner has taken away."""
    for command in (["chmod", "-R", "u+rwX"], ["rm", "-rf"]):
        subprocess.run([*command, "--", folder], stderr=subprocess.DEVNULL, check=False)  # noqa: S603


@contextlib.contextmanager
def _socket_pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        yield ours, theirs


def _environment(home: str, step: Step) -> dict[str, str]:
    """Return what a kernel may know: nothing of the grader's own environment but the language."""
    temporary = "/tmp" if step == "A" else f"{home}/tmp"  # noqa: S108 - in the private root
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TZ") if name in os.environ}
    return kept | {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": home,
        "USER": "student",
        "LOGNAME": "student",
        "TMPDIR": temporary,
        "IPYTHONDIR": f"{home}/.ipython",
        "MPLCONFIGDIR": f"{home}/.matplotlib",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _raised(output: Any, limits: Limits) -> RaisedError:
    error = RaisedError(str(output.ename)[:100], _ANSI.sub("", str(output.evalue))[:500])
    return named(error, limits)


def _cell_failure(planned: PlannedCell, place: Place, error: RaisedError) -> CellFailure:
    return CellFailure(place, error, planned.binds, planned.is_import)


def _failed_place(planned: PlannedCell, output: Any) -> Place:
    """Return the line of the traceback's frame in the cell, or that of the statement."""
    if planned.place.line is not None:
        return planned.place
    first_frame = _ANSI.sub("", "\n".join(map(str, output.traceback)))
    line = _LINE.search(first_frame)
    return Place(planned.place.cell, int(line[1] or line[2]) if line else None)
