"""One notebook's run: its planned cells, then calls, in as many kernels as it takes.

What is lost is lost once: after a cell that hangs or ends the kernel, another is forked and the
plan is run without the cell. A call that hangs or crashes costs a forked child of the kernel, no
more.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from grader.errors import NoAnswerError
from grader.execution.cells import Kernel, LostCellError, cell_failure
from grader.execution.channel import (
    Channel,
    ChannelBrokenError,
    ChannelClosedError,
    NoProcessError,
    Switchboard,
)
from grader.execution.forked import Kernels
from grader.execution.limits import named, words
from grader.execution.plan import Plan, without
from grader.execution.rounds import Rounds
from grader.execution.runner import Again, Answerer, Request
from grader.results import CellFailure, Observation, ObservationStatus, RaisedError, Run
from grader.spec import Limits

MAX_LOST_CELLS = 10


class NotebookRun:
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
        self.untold: list[CellFailure] = []  # of the lost ones
        self.failures: list[CellFailure] = []
        self.told_hidden = False
        self.shaped: set[str] = set()  # the questions of which a call has been traced
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
            (*(each for each in self.lost if each not in self.untold), *self.failures),
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
                    cells = kernel.run_cells(self.plan.cells, self.answerer)
                    failures = [failure async for failure in cells]
            except LostCellError as lost:
                self.plan = without(self.plan, lost.cell)
                failure = cell_failure(lost.cell, lost.cell.place, lost.error)
                self.lost.append(failure)
                if self.told_hidden:  # which cell it is may tell something, too
                    self.untold.append(failure)
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

    async def _ask(self, kernel: Kernel, switchboard: Switchboard) -> None:
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
                elif self._is_to_be_shown(request):
                    await self._trace(request, switchboard)
        except NoProcessError:
            limit = words("processes", self.limits)
            self._lose(self.pending[0].question, "crashed", error=RaisedError("", "", limit=limit))
        except ChannelClosedError:  # the kernel itself is lost
            self._blame(self.pending[0].question, await kernel.limit_that_ended_it())
        finally:
            for channel in channels.values():
                channel.close()

    def _is_to_be_shown(self, request: Request) -> bool:
        """Whether a page may show the shapes in a call: the first visible one that raised."""
        raised = self.observations[-1].status == "raised"
        is_first = request.visible and request.question not in self.shaped
        return bool(self.again) and raised and is_first and not self.told_hidden

    async def _trace(self, request: Request, switchboard: Switchboard) -> None:
        """Trace a call before any hidden case has run, in a child that answers nothing else.

        Later, what a kernel says of shapes may be about something that it has seen.
        """
        self.shaped.add(request.question)
        lost = (TimeoutError, ChannelBrokenError, ChannelClosedError, NoProcessError)
        with contextlib.suppress(*lost):  # a hint is lost, then, and nothing else
            channel = await switchboard.open()
            try:
                traced = replace(request, traced=True)
                seen = await channel.ask(traced, self.limits.call_seconds)
                self.observations[-1] = replace(self.observations[-1], steps=seen.steps)
            finally:
                switchboard.kill(channel)

    async def _ask_more(self, kernel: Kernel, switchboard: Switchboard, again: Again) -> None:
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
        self, kernel: Kernel, switchboard: Switchboard, requests: Sequence[Request]
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

    async def _ask_one(self, request: Request, channel: Channel, kernel: Kernel) -> bool:
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
