"""What this machine can do to confine students' code: found out by trying, shown as a table."""

from __future__ import annotations

import subprocess
import sys

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from grader.errors import UsageError
from grader.execution.sandbox.confine import Step
from grader.execution.sandbox.ladder import Machine, Tried
from grader.execution.sandbox.landlock import SIGNALS_SINCE

TITLES: dict[Step, str] = {
    "A": "namespaces with a private root, Landlock, seccomp, limits",
    "B": "Landlock, seccomp, limits: for containers and CI runners that forbid namespaces",
    "C": "limits only; refused without --unsafe",
}
SECONDS = 60


def examine_machine() -> Machine:
    """Try every step of the sandbox's ladder, in a process of its own.

    Raises UsageError where nothing can be tried: the sandbox is one for Linux.
    """
    if sys.platform != "linux":
        raise UsageError(f"notebooks are graded on Linux only, and this is {sys.platform}")
    command = [sys.executable, "-m", "grader.execution.sandbox.ladder"]
    try:
        done = subprocess.run(  # noqa: S603 - this Python, and a module of ours
            command, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise UsageError(f"the sandbox could not be tried within {SECONDS} s") from None
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise UsageError(f"the sandbox could not be tried: {' '.join(last)}")
    return msgspec.json.decode(done.stdout, type=Machine)


def print_machine(console: Console, machine: Machine) -> None:
    """Print at which step notebooks run, and what each step stops here."""
    console.print(_verdict(machine))
    console.print()
    for tried in machine.steps:
        state = f"[red]{escape(tried.error)}[/]" if tried.error else "[green]works[/]"
        console.print(f"Step {tried.step}: {TITLES[tried.step]}: {state}", highlight=False)
    console.print()
    table = Table("Can a notebook's code, at step", *TITLES, show_edge=False)
    for name in dict.fromkeys(a.name for tried in machine.steps for a in tried.attempts):
        table.add_row(name, *(_cell(tried, name) for tried in machine.steps))
    console.print(table)
    console.print()
    for line in _facts(machine):
        console.print(line, highlight=False, soft_wrap=True)


def _verdict(machine: Machine) -> str:
    if machine.step == "C":
        return "[bold red]No sandbox works here.[/] Notebooks run only with --unsafe, at step C."
    return f"[bold green]Notebooks run at step {machine.step} here.[/]"


def _cell(tried: Tried, name: str) -> str:
    attempt = next((a for a in tried.attempts if a.name == name), None)
    if attempt is None:
        return "-"
    return "[green]no[/]" if attempt.stopped else "[red]yes[/]"


def _facts(machine: Machine) -> list[str]:
    landlock = f"version {machine.landlock_abi} of its ABI" if machine.landlock_abi else "none"
    if 0 < machine.landlock_abi < SIGNALS_SINCE:
        landlock += (
            "; at step B notebooks cannot end processes that they start (Linux 6.12 lets them)"
        )
    memory = (
        f"none can be made here ({machine.cgroup}): a watchdog adds up what a notebook's processes "
        "take, five times a second, with what the system keeps for their sockets and pipes; not "
        "counted are locks on files, timers and caches"
        if machine.cgroup
        else "one for every kernel: it bounds what all its processes take together"
    )
    user = (
        "root, so every kernel gets a user id of its own"
        if machine.root
        else "an ordinary one, which kernels share"
    )
    return [
        f"Landlock: {landlock}",
        f"Cgroups:  {memory}",
        f"User:     {user}",
        f"Machine:  {machine.processor}",
        (
            "Never stopped: reading this Python's own files and those of the system below /usr, "
            "using the time that the limits leave, and at step B finding out whether a path or a "
            "process exists."
        ),
    ]
