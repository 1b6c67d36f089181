"""One notebook's run: its planned cells, then calls, in as many kernels as it takes.

After a cell that hangs or ends the kernel, another is forked and the plan is run again: at first
as it was, since the machine may have been at fault, and after a second loss without the cell. A
call that hangs or crashes costs a forked child of the kernel, no more.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from grader.execution.calls import Calls
from grader.execution.cells import Kernel, LostCellError, cell_failure
from grader.execution.channel import (
    ChannelBrokenError,
    ChannelClosedError,
    NoProcessError,
    Switchboard,
)
from grader.execution.clock import Budget, OutOfTimeError
from grader.execution.forked import Kernels
from grader.execution.limits import words
from grader.execution.plan import Plan, without
from grader.execution.rounds import Rounds
from grader.execution.runner import Again, Answerer, Request
from grader.results import CellFailure, Observation, ObservationStatus, RaisedError, Run
from grader.spec import Limits

MAX_LOST_CELLS = 10
FULL = 10  # with a tenth of the room that a notebook may take, a disk is full while it runs
MAX_DOUBTED = 20  # things, each of which is done once more


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
        self.doubts: Counter[str] = Counter()  # how often of each question something was lost
        # What was lost once: cells, failures at a limit, the groups of calls that took a kernel.
        self.doubted: set[object] = set()
        self.spared = limits.notebook_seconds  # that may be taken again for what was lost once
        self.cut_short = False
        self.budget = Budget(limits.notebook_seconds)
        self.seconds = dict.fromkeys(("cells", "calls", "causes"), 0.0)

    async def run(self) -> Run:
        """Answer all requests, or account for them when the notebook's time is up."""
        seconds, begun = self.limits.notebook_seconds, time.perf_counter()
        try:
            while self.pending and len(self.lost) < MAX_LOST_CELLS:
                await self._with_one_kernel()
        except OutOfTimeError:
            self._give_up(f"the {seconds:g} s that a notebook may take were over")
        self._give_up(f"{len(self.lost)} cells before it hang or end the process")
        self._check_machine()
        whole = time.perf_counter() - begun
        self.seconds["kernel"] = whole - sum(self.seconds.values())
        return Run(
            tuple(self.observations[: self.first_round]),
            (*(each for each in self.lost if each not in self.untold), *self.failures),
            self.seconds,
            seconds - self.budget.left,
            self.cut_short,
        )

    def _check_machine(self) -> None:
        """Raise DisturbedError if the machine had not what was promised, and something failed.

        What the notebook has written is removed by now.
        """
        errors = [seen.error for seen in self.observations]
        errors += [failure.error for failure in (*self.failures, *self.lost)]
        self._check_disk(errors, self.limits.disk_mb)
        if self.lost or any(seen.status == "crashed" for seen in self.observations):
            self.kernels.check_memory()

    def _check_disk(self, errors: Iterable[RaisedError | None], megabytes: float) -> None:
        limit = words("disk", self.limits)
        if any(error.limit == limit for error in errors if error):
            self.kernels.check_disk(megabytes)

    @contextlib.contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] += time.perf_counter() - started

    async def _with_one_kernel(self) -> None:
        """Run the plan in a fresh kernel and answer requests until all are, or it is lost."""
        left = self.budget.left
        async with self.kernels.fork(self.budget) as kernel:
            try:
                with self._timed("cells"):
                    cells = kernel.run_cells(self.plan.cells, self.answerer)
                    failures = [failure async for failure in cells]
            except LostCellError as lost:
                is_known = lost.cell.place.cell in self.plan.lost
                if is_known or not self._is_doubted(lost.cell.place, left):
                    self._lose_cell(lost)
                return
            self._check_disk((each.error for each in failures), self.limits.disk_mb / FULL)
            if any(each.error.limit for each in failures) and self._is_doubted("limit", left):
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

    def _is_doubted(self, what: object, left: float) -> bool:
        """Whether what was lost is seen lost for the first time: then all is done once more.

        What was done so far takes nothing of what was `left` of the notebook's time, up to as much
        as it has in all.
        """
        if what in self.doubted or len(self.doubted) >= MAX_DOUBTED:
            return False
        self.doubted.add(what)
        back = min(self.spared, left - self.budget.left)
        self.spared -= back
        self.budget.left += back
        return True

    def _lose_cell(self, lost: LostCellError) -> None:
        self.plan = without(self.plan, lost.cell)
        failure = cell_failure(lost.cell, lost.cell.place, lost.error)
        self.lost.append(failure)
        if self.told_hidden:  # which cell it is may tell something, too
            self.untold.append(failure)

    async def _ask(self, kernel: Kernel, switchboard: Switchboard) -> None:
        """Ask every question on a channel of its own, until all is answered or the kernel lost."""
        calls = Calls(kernel, switchboard, self.limits, self.answerer, self.doubts)
        try:
            first = next(iter(self.pending), None)
            while self.pending:
                request = self.pending[0]
                if self.one_at_a_time and first and _group(request) != _group(first):
                    return
                self.told_hidden |= not request.visible
                call = await calls.ask(request)
                self._check_disk([call.seen.error], self.limits.disk_mb / FULL)
                if call.lost:
                    fate = {"error": call.seen.error, "seconds": call.seen.seconds}
                    self._lose(request.question, call.seen.status, **fate)
                    continue
                self.observations.append(call.seen)
                self.pending.pop(0)
                if self._is_to_be_shown(request):
                    await self._trace(request, kernel, switchboard)
        except NoProcessError:
            self._blame(self.pending[0], words("processes", self.limits))
        except ChannelClosedError:  # the kernel itself is lost
            self._blame(self.pending[0], await kernel.limit_that_ended_it())
        finally:
            calls.close()

    def _is_to_be_shown(self, request: Request) -> bool:
        """Whether a page may show the shapes in a call: the first visible one that raised."""
        raised = self.observations[-1].status == "raised"
        is_first = request.visible and request.question not in self.shaped
        return bool(self.again) and raised and is_first and not self.told_hidden

    async def _trace(self, request: Request, kernel: Kernel, switchboard: Switchboard) -> None:
        """Trace a call before any hidden case has run, in a child that answers nothing else.

        Later, what a kernel says of shapes may be about something that it has seen.
        """
        self.shaped.add(request.question)
        lost = (TimeoutError, ChannelBrokenError, ChannelClosedError, NoProcessError)
        for _ in range(2):  # what is lost twice is a hint, and nothing else
            with contextlib.suppress(*lost):
                channel = await switchboard.open(kernel.clock)
                try:
                    traced = replace(request, traced=True)
                    seen = await channel.ask(traced, kernel.clock, self.limits.call_seconds)
                    self.observations[-1] = replace(self.observations[-1], steps=seen.steps)
                    return
                finally:
                    switchboard.kill(channel)

    async def _ask_more(self, kernel: Kernel, switchboard: Switchboard, again: Again) -> None:
        """Ask what comes up, round after round; a kernel that is lost ends it."""
        rounds = Rounds(switchboard, kernel, self.limits)
        seen: Sequence[Observation] = self.observations
        try:
            while requests := again(seen):
                if any(request.answered for request in requests):
                    seen = await self._ask_one_by_one(kernel, switchboard, requests)
                else:
                    seen = await rounds.ask(requests)
                if rounds.lost or len(seen) < len(requests):
                    self.cut_short = True
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

    def _blame(self, request: Request, limit: str) -> None:
        """Blame a question for the second loss of a kernel, if nothing else can have done it.

        Something that an earlier call has left running may have, or something outside. So from the
        first loss on every question has a kernel of its own, for its visible and for its hidden
        cases.
        """
        is_new = self._is_doubted(_group(request), self.budget.left)
        if self.one_at_a_time and not is_new:
            error = RaisedError("", "", limit=limit) if limit else None
            self._lose(request.question, "crashed", error=error)
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
