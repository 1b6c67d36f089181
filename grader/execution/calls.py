"""The calls that score: of each question in a child of its own, made again where one was lost.

A call may be lost through no fault of the student's: something outside may have ended the child, or
a limit may have struck on a machine that was short of what it limits. So whatever costs points is
seen twice: the question is asked again in a fresh child, with all that it was asked before, and
what comes of that stands.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field

from grader.errors import NoAnswerError
from grader.execution.cells import Kernel
from grader.execution.channel import (
    Channel,
    ChannelBrokenError,
    ChannelClosedError,
    NoProcessError,
    Switchboard,
)
from grader.execution.limits import named, words
from grader.execution.runner import Answerer, Request
from grader.results import Observation, RaisedError
from grader.spec import Limits


@dataclass(frozen=True)
class Call:
    """What was seen of a call; one that is `lost` has taken its child with it."""

    seen: Observation
    lost: bool = False

    def is_doubtful(self, limits: Limits) -> bool:
        """Whether the machine may have to do with it.

        Files are counted and no matter of the machine's; and those of a first try would be there.
        """
        limit = self.seen.error.limit if self.seen.error else ""
        stopped = self.lost and self.seen.status in ("timed_out", "crashed")
        return limit != words("disk", limits) and (stopped or bool(limit))


@dataclass
class _Line:
    """A channel, and what was asked there."""

    channel: Channel
    asked: list[Request] = field(default_factory=list)


MOST_DOUBTS = 3  # of one question: what is lost so often elsewhere each time is the student's


class Calls:
    """Asks one kernel; `doubts` counts how often of each question something was lost."""

    def __init__(
        self,
        kernel: Kernel,
        switchboard: Switchboard,
        limits: Limits,
        answerer: Answerer | None,
        doubts: Counter[str],
    ) -> None:
        self._kernel, self._switchboard = kernel, switchboard
        self._limits, self._answerer, self._doubts = limits, answerer, doubts
        self._lines: dict[str, _Line] = {}

    async def ask(self, request: Request) -> Call:
        """Make a call; where it is lost, what else is to be asked of its question is, too.

        Raises ChannelClosedError if it is the kernel that was lost, NoProcessError.
        """
        # Reading a variable runs nothing of the student's: one child will do for all.
        group = request.question if request.kind == "function" else ""
        line = self._lines.get(group) or await self._open(group)
        call = await self._made(line, request)
        if call.is_doubtful(self._limits) and self._doubts[request.question] < MOST_DOUBTS:
            call = await self._doubted(group, line, request.question)
        if call.lost:
            self._end(group)
        return call

    async def _doubted(self, group: str, line: _Line, question: str) -> Call:
        """Make the calls again; what is seen twice is not doubted any more.

        The first time takes nothing of the notebook's seconds.
        """
        self._doubts[question] += 1
        is_first = self._doubts[question] == 1
        with self._kernel.clock.budget.spared() if is_first else nullcontext():
            call = await self._made_again(group, line.asked)
        if call.is_doubtful(self._limits):
            self._doubts[question] = MOST_DOUBTS
        return call

    async def _made_again(self, group: str, requests: Sequence[Request]) -> Call:
        """Make calls in a fresh child; return the last one, or one that is lost in its place."""
        self._end(group)
        line = await self._open(group)
        for request in requests:
            call = await self._made(line, request)
            if call.lost:
                break
        fate = call.seen
        if call.lost:
            fate = requests[-1].observed(fate.status, error=fate.error, seconds=fate.seconds)
        return Call(fate, call.lost)

    async def _open(self, group: str) -> _Line:
        """Open a channel; if there is no room for its process, end those that answer others.

        Raises NoProcessError if there is no room then, either.
        """
        try:
            channel = await self._switchboard.open(self._kernel.clock)
        except NoProcessError:
            for other in tuple(self._lines):
                self._end(other)
            await asyncio.sleep(0.1)  # for what they have started to be gone, too
            channel = await self._switchboard.open(self._kernel.clock)
        self._lines[group] = _Line(channel)
        return self._lines[group]

    async def _made(self, line: _Line, request: Request) -> Call:
        line.asked.append(request)
        seconds = self._limits.call_seconds
        try:
            given = self._kernel.clock, seconds, self._answerer
            seen = await line.channel.ask(request, *given)
        except TimeoutError:
            return Call(request.observed("timed_out", seconds=seconds), lost=True)
        except NoAnswerError as refused:
            error = RaisedError("", str(refused))
            return Call(request.observed("not_reached", error=error), lost=True)
        except ChannelClosedError:
            if await self._kernel.has_ended():
                raise
            return Call(request.observed("crashed"), lost=True)
        except ChannelBrokenError:
            return Call(request.observed("unreadable"), lost=True)
        return Call(seen.with_error(named(seen.error, self._limits) if seen.error else None))

    def _end(self, group: str) -> None:
        self._switchboard.kill(self._lines.pop(group).channel)

    def close(self) -> None:
        """Let the children end."""
        for line in self._lines.values():
            line.channel.close()
