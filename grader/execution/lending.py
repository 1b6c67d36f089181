"""Lending: something stands for a wrong item while the rest of a notebook runs.

A plan says where that begins; the grader's end sends it to the kernel there, and answers calls of
it. The kernel's end is `probe.borrow`.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

from grader.errors import DisturbedError
from grader.execution import probe
from grader.execution.channel import Channel
from grader.execution.clock import Watch
from grader.execution.lent import Lent
from grader.execution.plan import Plan, PlannedCell
from grader.execution.runner import Answerer
from grader.results import Place


def lending(planned: Plan, lent: Lent) -> Plan:
    """Return the plan in which something stands for a wrong item, from its last binding on.

    For what the notebook does not bind, it does so from the beginning on. A value does so again
    where statements change it, such as those that fill an array.
    """
    definition = planned.definitions.get(lent.name)
    due = (definition.cell, definition.first_line) if definition else (0, 0)
    cells = [
        part
        for cell in planned.cells
        for part in (cell.parts if _is_cut(cell, due, lent.name) else (cell,))
    ]
    places = [(cell.place.cell, cell.place.line or 0) for cell in cells]
    # Statements of one line have one place: of those, behind the one that binds it.
    binding = [i for i, cell in enumerate(cells) if places[i] == due and lent.name in cell.binds]
    before = [i for i, place in enumerate(places) if place < due or (place == due and not binding)]
    start = max([-1, *before, *binding]) + 1
    loan = PlannedCell("", Place(*due), frozenset({lent.name}), lent=lent)
    rest = []
    for cell in cells[start:]:
        again = lent.helper is None and lent.name in cell.changes
        rest += [cell, replace(loan, place=cell.place)] if again else [cell]
    return replace(planned, cells=(*cells[:start], loan, *rest))


def _is_cut(cell: PlannedCell, due: tuple[int, int], name: str) -> bool:
    """Whether something is lent between the statements of a whole cell."""
    changed = any(name in part.changes for part in cell.parts)
    return bool(cell.parts) and (cell.place.cell == due[0] or changed)


class Lender:
    """Gives a kernel that runs `probe.borrow` what stands for wrong items while its cells run."""

    def __init__(self, end: socket.socket, answerer: Answerer | None) -> None:
        self._socket, self._answerer = end, answerer
        self._tasks: list[asyncio.Task[None]] = []
        self._watch: Watch | None = None

    def lend(self, lent: Lent) -> None:
        """Lend one thing to the cell that is run next. Raises OSError if the kernel is gone."""
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._socket, [probe.ORDER.pack(probe.LEND, 0)], [theirs.fileno()])
        self._tasks.append(asyncio.create_task(self._lend(Channel(ours, {}), lent)))

    async def _lend(self, channel: Channel, lent: Lent) -> None:
        with contextlib.closing(channel):
            await channel.lend(lent, self._answerer, self._held)

    def _held(self) -> AbstractContextManager[None]:
        return self._watch.held() if self._watch else contextlib.nullcontext()

    @contextlib.contextmanager
    def checked(self, watch: Watch) -> Iterator[None]:
        """Answer while a cell runs; what that takes is not the cell's, whose time is watched.

        Raises DisturbedError at the end if there was no answer, since whoever answers is gone. What
        else went wrong has gone wrong in the kernel, too, and shows there.
        """
        self._watch = watch
        try:
            yield
        finally:
            for task in self._tasks:
                if task.done() and isinstance(task.exception(), DisturbedError):
                    task.result()

    async def close(self) -> None:
        """Answer no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
