"""The processes of a grader that runs, told apart by what they are, and by what they are at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from grader.execution.sandbox.memory import descendants

Kind = Literal[
    "command",
    "reference",
    "worker",
    "zygote",
    "reader",
    "reading child",
    "supervisor",
    "first process",
    "kernel",
    "call",
    "helper",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
BELOW: tuple[Kind, ...] = ("first process", "kernel", "call")  # the levels below a supervisor
MODULES: dict[str, Kind] = {
    "grader.batch.pool": "worker",
    "grader.judging.helper_process": "helper",
    "grader.judging.reference_process": "reference",
}
ZYGOTE = "grader.execution.zygote"


@dataclass(frozen=True)
class Process:
    """One process, its kind, and what the grader was at when it was seen."""

    number: int
    kind: Kind
    stage: str = ""


class Seen:
    """What was seen of one command's processes so far, which tells a first run from later ones."""

    def __init__(self, command: int) -> None:
        self._command = command
        self._known: set[int] = set()
        self._runs: dict[int, int] = {}  # kernels since the latest notebook was planned, by zygote

    def processes(self) -> Iterator[Process]:
        """Yield the processes that run now, as far as they are the grader's own."""
        found = [*self._below()]
        workers = [each for each in found if each.kind == "worker"]
        stage = "preparing"
        if self._runs:
            stage = "grading" if workers else "reporting"
        yield Process(self._command, "command", stage)
        yield from found

    def _below(self) -> Iterator[Process]:
        for number in descendants(self._command):
            said = _command_line(number)
            kind = next((kind for module, kind in MODULES.items() if module in said), None)
            if kind == "worker":
                kernels = [kernel for each in zygotes(number) for kernel in self._kernels(each)]
                stages = [kernel.stage for kernel in kernels]
                yield Process(number, "worker", stages[0] if stages else "judging, or nothing")
            elif kind:
                yield Process(number, kind, "following through" if kind == "helper" else "")
            if _is_zygote(number) and not _is_zygote(parent(number)):
                kernels = [*self._kernels(number)]
                yield Process(number, "zygote", kernels[0].stage if kernels else "nothing")
                yield from kernels

    def _kernels(self, zygote: int) -> Iterator[Process]:
        for child in _children(zygote):
            is_new = child not in self._known
            self._known.add(child)
            if _session(child) != child:  # a supervisor has a session of its own
                self._runs[zygote] = 0
                yield Process(child, "reader", "planning")
                yield from (Process(each, "reading child", "planning") for each in _children(child))
                continue
            self._runs[zygote] = self._runs.get(zygote, 0) + is_new
            levels = _levels(child)
            stage = "calls" if len(levels) == len(BELOW) else "cells"
            if self._runs[zygote] > 1:
                stage = "following through"
            yield Process(child, "supervisor", stage)
            for kind, numbers in zip(BELOW, levels, strict=False):
                yield from (Process(each, kind, stage) for each in numbers)


def processes(command: int) -> Iterator[Process]:
    """Yield the processes of a command that runs now."""
    return Seen(command).processes()


def zygotes(process: int) -> set[int]:
    """Return the zygotes that a process has started; what these fork looks the same, but is not."""
    return {each for each in _children(process) if _is_zygote(each)}


def _levels(supervisor: int) -> list[list[int]]:
    """Return the processes below a supervisor, level by level, as far as they are known."""
    levels: list[list[int]] = []
    latest = _children(supervisor)
    while latest and len(levels) < len(BELOW):
        levels.append(latest)
        latest = [child for each in latest for child in _children(each)]
    return levels


def _children(process: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{process}/task"):  # noqa: PTH208
            with suppress(OSError):
                text = Path(f"/proc/{process}/task/{thread}/children").read_text()
                found += map(int, text.split())
    return found


def _command_line(process: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def _stat(process: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return ["", "0", "0", "0"]


def parent(process: int) -> int:
    """Return the process that a process was started by, or whoever has it now."""
    return int(_stat(process)[1])


def _session(process: int) -> int:
    return int(_stat(process)[3])


def _is_zygote(process: int) -> bool:
    return ZYGOTE in _command_line(process)
