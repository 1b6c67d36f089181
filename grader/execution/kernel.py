"""A Runner over a stock Jupyter kernel, driven by nbclient.

The kernel is an ordinary ipykernel in a fresh, empty folder with an allow-listed environment. It is
not confined: run only notebooks that you would run yourself. What is lost is lost once: after a
cell or a call that hangs or kills the kernel, the kernel is started again and the plan is run
without it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError

from grader.execution.channel import Channel, ChannelBrokenError, ChannelClosedError, kernel_code
from grader.execution.plan import Plan, PlannedCell, without
from grader.execution.runner import Request
from grader.results import CellFailure, Observation, ObservationStatus, Place, RaisedError, Run
from grader.spec import Limits

_nbformat: Any = nbformat.v4  # its functions have no types
MAX_LOST_CELLS = 10
ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "SYSTEMROOT", "VIRTUAL_ENV")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_LINE = re.compile(r"(?:line (\d+)|^-+> ?(\d+) )", re.MULTILINE)


class KernelRunner:
    """Runs every notebook in a stock ipykernel of its own."""

    def run(
        self, plan: Plan, requests: Sequence[Request], limits: Limits, support: Path | None
    ) -> Run:
        """Run the planned notebook, then answer every request (see Runner)."""
        return asyncio.run(_NotebookRun(plan, requests, limits, support).run())


class _LostError(Exception):
    """The kernel was lost while a cell ran; `seconds` is the limit that struck, if one did."""

    def __init__(self, cell: PlannedCell, seconds: float | None) -> None:
        super().__init__()
        self.cell, self.seconds = cell, seconds


class _NotebookRun:
    """One notebook: its kernels, one after another, and what has been seen so far."""

    def __init__(
        self, plan: Plan, requests: Sequence[Request], limits: Limits, support: Path | None
    ) -> None:
        self.plan, self.limits, self.support = plan, limits, support
        self.pending = list(requests)
        self.observations: list[Observation] = []
        self.lost: list[CellFailure] = []
        self.failures: list[CellFailure] = []
        self.told_hidden = False

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
        return Run(tuple(self.observations), tuple(self.lost + self.failures))

    async def _with_one_kernel(self) -> None:
        """Run the plan in a fresh kernel and answer requests until all are, or it is lost."""
        async with _Kernel.start(self.limits, self.deadline, self.support) as kernel:
            try:
                failures = [failure async for failure in kernel.run_cells(self.plan.cells)]
            except _LostError as lost:
                self._drop(lost)
                return
            if not self.told_hidden:  # else a cell may tell what a call has left behind for it
                self.failures = failures
            await self._ask(kernel.open_channel(self.plan))

    def _drop(self, lost: _LostError) -> None:
        self.plan = without(self.plan, lost.cell)
        error = (
            RaisedError("Timeout", f"it was stopped after {lost.seconds:g} s")
            if lost.seconds
            else RaisedError("Exit", "it ended the notebook's process")
        )
        self.lost.append(_cell_failure(lost.cell, lost.cell.place, error))

    async def _ask(self, channel: Channel) -> None:
        while self.pending:
            request = self.pending[0]
            self.told_hidden |= not request.visible
            try:
                self.observations.append(await channel.ask(request, self.limits.call_seconds))
            except TimeoutError:
                self._lose(request.question, "timed_out", self.limits.call_seconds)
                return
            except ChannelClosedError:
                self._lose(request.question, "crashed")
                return
            except ChannelBrokenError:
                self._lose(request.question, "unreadable")
                return
            self.pending.pop(0)

    def _lose(self, question: str, status: ObservationStatus, seconds: float | None = None) -> None:
        """Give all that is still to be asked of a question the fate of the call that was lost."""
        for request in [request for request in self.pending if request.question == question]:
            seen = Observation(request.question, request.case, status, seconds=seconds)
            self.observations.append(seen)
            self.pending.remove(request)

    def _give_up(self, why: str) -> None:
        for request in self.pending:
            error = RaisedError("", why)
            seen = Observation(request.question, request.case, "not_reached", error=error)
            self.observations.append(seen)
        self.pending = []


# ---------------------------------------------------------------- the kernel


class _StockManager(AsyncKernelManager):
    """A manager whose kernel is this Python's ipykernel, whatever kernelspecs are installed."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """Return the one kernelspec."""
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python", language="python")


class _Client(NotebookClient):
    """nbclient that keeps of a cell's output its errors only: nothing else is looked at."""

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        """Drop streams, displays and widgets before they are stored."""
        if msg["msg_type"] in ("status", "error", "execute_input"):
            return super().process_message(msg, cell, cell_index)
        return None


class _Kernel:
    """A running kernel with its end of a channel, in a folder of its own."""

    def __init__(
        self,
        client: _Client,
        limits: Limits,
        deadline: float,
        ours: socket.socket,
        descriptor: int,
    ) -> None:
        self._client, self._limits, self._deadline = client, limits, deadline
        self._ours, self._descriptor = ours, descriptor

    @classmethod
    @contextlib.asynccontextmanager
    async def start(
        cls, limits: Limits, deadline: float, support: Path | None
    ) -> AsyncIterator[_Kernel]:
        """Start a kernel; kill it and remove its folder at the end."""
        with _work_folder(support) as folder, _socket_pair() as (ours, theirs):
            client = _Client(
                _nbformat.new_notebook(),
                km=_StockManager(connection_file=str(folder.parent / "connection.json")),
                timeout=max(1, round(limits.cell_seconds)),
                allow_errors=True,
                shutdown_kernel="immediate",
                store_widget_state=False,
            )
            try:
                await client.async_start_new_kernel(
                    cwd=str(folder),
                    env=_environment(folder),
                    stdout=DEVNULL,
                    stderr=DEVNULL,
                    pass_fds=(theirs.fileno(),),
                )
                descriptor = theirs.fileno()
                theirs.close()  # the kernel's end is the kernel's alone: when it ends, we see it
                await client.async_start_new_kernel_client()
                yield cls(client, limits, deadline, ours, descriptor)
            finally:
                await _kill(client)

    async def run_cells(self, cells: Sequence[PlannedCell]) -> AsyncIterator[CellFailure]:
        """Run the cells one after another; yield those that fail.

        Raises _LostError if a cell hangs or ends the kernel.
        """
        for index, planned in enumerate(cells):
            cell = _nbformat.new_code_cell(planned.source)
            self._client.nb.cells.append(cell)
            try:
                await self._client.async_execute_cell(cell, index)
            except CellTimeoutError as error:
                raise _LostError(planned, self._limits.cell_seconds) from error
            except Exception as error:
                # DeadKernelError, for which nbclient also takes our own cancellation; or messages
                # that are none, from a notebook that writes to every file.
                if asyncio.get_running_loop().time() >= self._deadline:
                    raise TimeoutError from error
                raise _LostError(planned, None) from error
            for output in cell.outputs:
                yield _failure(planned, output)

    def open_channel(self, plan: Plan) -> Channel:
        """Let the kernel answer requests."""
        channel = Channel(self._ours, plan.definitions)
        channel.drain()
        client: Any = self._client.kc
        client.execute(
            kernel_code(self._descriptor), silent=True, store_history=False, allow_stdin=False
        )
        return channel


async def _kill(client: _Client) -> None:
    """Kill the kernel with all of its process group, and close its sockets."""
    manager: Any = client.km
    if getattr(manager, "has_kernel", False):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(manager.provisioner.pgid or manager.provisioner.pid, signal.SIGKILL)
        await manager.shutdown_kernel(now=True)
    if client.kc is not None:
        client.kc.stop_channels()
    manager.context.destroy(linger=0)


@contextlib.contextmanager
def _socket_pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@contextlib.contextmanager
def _work_folder(support: Path | None) -> Iterator[Path]:
    """Make an empty folder with the support modules; remove it with all that was written there."""
    with tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True) as parent:
        folder = Path(parent) / "work"
        if support and support.is_dir():
            shutil.copytree(support, folder, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            folder.mkdir()
        yield folder


def _environment(folder: Path) -> dict[str, str]:
    """Return what the kernel may know of the grader's environment: no token, no name, no path."""
    kept = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    home = str(folder.parent)
    return kept | {
        "HOME": home,
        "IPYTHONDIR": f"{home}/.ipython",
        "MPLCONFIGDIR": f"{home}/.matplotlib",
        "MPLBACKEND": "agg",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def _failure(planned: PlannedCell, output: Any) -> CellFailure:
    error = RaisedError(str(output.ename)[:100], _ANSI.sub("", str(output.evalue))[:500])
    return _cell_failure(planned, _failed_place(planned, output), error)


def _cell_failure(planned: PlannedCell, place: Place, error: RaisedError) -> CellFailure:
    return CellFailure(place, error, planned.binds, planned.is_import)


def _failed_place(planned: PlannedCell, output: Any) -> Place:
    """Return the line of the traceback's frame in the cell, or that of the statement."""
    if planned.place.line is not None:
        return planned.place
    first_frame = _ANSI.sub("", "\n".join(map(str, output.traceback)))
    line = _LINE.search(first_frame)
    return Place(planned.place.cell, int(line[1] or line[2]) if line else None)
