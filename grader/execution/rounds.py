"""What is asked after everything that scores: many calls of one question, one behind the other.

Each question has a child of its own, as before, which answers in all rounds. Requests are sent
ahead of their answers, and arguments once for all calls of a case: hundreds of versions of a
function cost little more than their running.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from grader.execution import bounds
from grader.execution.cells import Kernel
from grader.execution.channel import (
    Channel,
    ChannelBrokenError,
    ChannelClosedError,
    NoProcessError,
    Switchboard,
)
from grader.execution.limits import named
from grader.execution.runner import Request
from grader.results import Observation, ObservationStatus
from grader.spec import Limits

MOST_HANGING = 3  # versions in one round that use up their time


class Rounds:
    """Asks round after round; `lost` says that the kernel is gone."""

    def __init__(self, switchboard: Switchboard, kernel: Kernel, limits: Limits) -> None:
        self._switchboard, self._kernel, self._limits = switchboard, kernel, limits
        self._confirmed: set[str] = set()
        self._channels: dict[str, Channel] = {}
        self._unreadable: set[str] = set()
        self.lost = False

    async def ask(self, requests: Sequence[Request]) -> list[Observation]:
        """Return what came of the requests of one round; of a kernel that is lost, not of all."""
        seen: list[Observation] = []
        for question, group in groupby(requests, key=lambda request: request.question):
            if not self.lost:
                seen += await self._ask_question(question, list(group))
        return seen

    async def _ask_question(self, question: str, requests: Sequence[Request]) -> list[Observation]:
        """Ask requests of one question, those behind one that hangs in a new child.

        One whose answers cannot be read, or are far too large, is not asked again.
        """
        if question in self._unreadable:
            return [request.observed("unreadable") for request in requests]
        seen: list[Observation] = []
        for _ in range(MOST_HANGING):
            more, status = await self._ask_until_lost(question, requests[len(seen) :])
            seen += more
            if len(seen) == len(requests):
                return seen
            if status == "crashed" and not self.lost and question not in self._confirmed:
                self._confirmed.add(question)  # the machine may be at fault, once
                continue
            seen.append(requests[len(seen)].observed(status))
            if status != "timed_out":
                break
        return [*seen, *(request.observed(status) for request in requests[len(seen) :])]

    async def _ask_until_lost(
        self, question: str, requests: Sequence[Request]
    ) -> tuple[list[Observation], ObservationStatus]:
        """Ask until the child is lost; return how, too."""
        seen: list[Observation] = []
        status: ObservationStatus = "crashed"
        try:
            if question not in self._channels:
                self._channels[question] = await self._switchboard.open(
                    self._kernel.clock, bounds.SPARE_SEARCHED
                )
            async for each in self._channels[question].ask_ahead(
                requests, self._kernel.clock, self._limits.call_seconds
            ):
                error = named(each.error, self._limits) if each.error else None
                seen.append(each.with_error(error))
        except TimeoutError:
            status = "timed_out"
        except ChannelBrokenError:
            status = "unreadable"
            self._unreadable.add(question)
        except (ChannelClosedError, NoProcessError):
            self.lost = await self._kernel.has_ended()
        if len(seen) < len(requests) and question in self._channels:
            self._switchboard.kill(self._channels.pop(question))
        return seen, status

    def close(self) -> None:
        """Let the children end."""
        for channel in self._channels.values():
            channel.close()
