"""A kernel that runs the planned cells of a notebook, says what failed, and then answers calls."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import re
import socket
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Any

import nbformat

from grader.execution.channel import Switchboard
from grader.execution.clock import Budget, Clock
from grader.execution.jupyter import ForkedManager, WatchedClient
from grader.execution.lending import Lender
from grader.execution.limits import named, words
from grader.execution.parent import Ending
from grader.execution.plan import Plan, PlannedCell
from grader.execution.runner import Answerer
from grader.execution.supervisor import CHANNEL
from grader.results import CellFailure, Place, RaisedError
from grader.spec import Limits
from grader.texts import clean_text

_LINE = re.compile(r"^ *Cell In\[\d+\], line (\d{1,6})\b", re.MULTILINE)
_HEADING = re.compile(r"Traceback \(most recent call last\):?\s*$")
_PROBE = "__import__('grader.execution.probe').execution.probe"
_ANSWER = f"{_PROBE}.serve({CHANNEL}, globals())"
_BORROW = f"{_PROBE}.borrow({CHANNEL}, globals())"


class LostCellError(Exception):
    """The kernel was lost while a cell ran; `error` says how."""

    def __init__(self, cell: PlannedCell, error: RaisedError) -> None:
        super().__init__()
        self.cell, self.error = cell, error


class Kernel:
    """A running kernel with the grader's end of its switchboard."""

    def __init__(
        self,
        client: WatchedClient,
        manager: ForkedManager,
        limits: Limits,
        budget: Budget,
        ours: socket.socket,
    ) -> None:
        self._client, self._manager, self._limits = client, manager, limits
        self._ours = ours
        leash = manager.leash
        self.clock = Clock(budget, *((leash.kernel, leash.supervisor) if leash else (0, 0)))
        if leash:
            client.watch(leash)

    async def run_cells(
        self, cells: Sequence[PlannedCell], answerer: Answerer | None = None
    ) -> AsyncIterator[CellFailure]:
        """Run the cells one after another; yield what fails, and go on after it.

        `answerer` answers for what is lent to them. Raises LostCellError if a cell hangs or ends
        the kernel, OutOfTimeError, and DisturbedError where that is not the notebook's doing.
        """
        lender = Lender(self._ours, answerer)
        try:
            async for failure in self._run_cells(cells, lender):
                yield failure
        finally:
            await lender.close()

    async def _run_cells(
        self, cells: Sequence[PlannedCell], lender: Lender
    ) -> AsyncIterator[CellFailure]:
        waiting = deque(cells)
        for index in itertools.count():
            if not waiting:
                return
            planned = waiting.popleft()
            source = _BORROW if planned.lent else planned.source
            cell = nbformat.from_dict(  # type: ignore[no-untyped-call]
                {"cell_type": "code", "source": source, "metadata": {}, "outputs": []}
            )
            self._client.nb.cells.append(cell)
            await self._execute(planned, cell, index, lender)
            unseen = self._client.unseen_errors()
            failed = planned
            if unseen:  # the cell has stopped; an error that is only shown stops nothing
                failed, rest = planned.cut(_failed_place(planned, unseen[-1]).line)
                waiting.extendleft(reversed(rest))
            for output in cell.outputs or unseen:
                place = _failed_place(planned, output)
                yield cell_failure(failed, place, _raised(output, self._limits))

    async def _execute(self, planned: PlannedCell, cell: Any, index: int, lender: Lender) -> None:
        seconds, stop = self._limits.cell_seconds, self._client.stop
        with self.clock.watch(seconds, lambda: stop("time")) as watch, lender.checked(watch):
            try:
                if planned.lent:
                    lender.lend(planned.lent)
                await self._client.async_execute_cell(cell, index)
            except Exception as error:
                # DeadKernelError, for which nbclient also takes its being stopped; or messages
                # that are none, from a notebook that writes to every file.
                watch.raise_other_than_limit()
                lost = await self._end()
                if watch.struck:
                    lost = RaisedError("Timeout", f"it was stopped after {seconds:g} s")
                raise LostCellError(planned, lost) from error

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
        """Return the limit because of which the kernel has ended, "" if there is none.

        Raises DisturbedError where its supervisor is gone.
        """
        leash = self._manager.leash
        if leash is None or not await self.has_ended():
            return ""
        return words(leash.ended.result().reason, self._limits)

    async def has_ended(self) -> bool:
        """Whether the kernel is gone; waits a moment, since a child's end may be seen first.

        Raises DisturbedError where its supervisor is.
        """
        leash = self._manager.leash
        if leash is None:
            return True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.2):
                await asyncio.shield(leash.ended)
        return leash.ended.done()


def _raised(output: Any, limits: Limits) -> RaisedError:
    return named(RaisedError(clean_text(output.ename, 100), clean_text(output.evalue, 500)), limits)


def cell_failure(planned: PlannedCell, place: Place, error: RaisedError) -> CellFailure:
    """Return what is said of a cell that failed at a place."""
    return CellFailure(place, error, planned.binds, planned.is_import)


def _failed_place(planned: PlannedCell, output: Any) -> Place:
    """Return the line of the traceback's frame in the cell, or that of the statement."""
    if planned.place.line is not None:
        return planned.place
    parts = [part for part in output.traceback if not _HEADING.search(part)]  # with the type's name
    line = _LINE.search("\n".join(parts))
    number = int(line[1]) if line else 0
    exists = 1 <= number <= planned.source.count("\n") + 1
    return Place(planned.place.cell, number if exists else None)
