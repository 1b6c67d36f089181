"""`grader doctor`, on this machine and on ones that allow less."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from typing import NoReturn

import msgspec
import pytest
from rich.console import Console

from grader.doctor import examine_machine, print_machine
from grader.execution.sandbox import attempts, ladder
from grader.execution.sandbox.attempts import ATTEMPTS, HIDE
from grader.execution.sandbox.ladder import Machine
from tests.conftest import COURSE, need_step

AS_ROOT = os.getuid() == 0


def doctor(*options: str) -> subprocess.CompletedProcess[str]:
    """Run the command, on a machine that allows less."""
    command = [sys.executable, "-m", "tests.confined", *options, sys.executable, "-m", "grader"]
    return subprocess.run(
        [*command, "doctor"], cwd=COURSE, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("options", [(), ("--user",)] if AS_ROOT else [()], ids=str)
def test_where_namespaces_are_forbidden(options: tuple[str, ...]) -> None:
    """Step B is what is left: with everything stopped that is stopped at step A."""
    need_step("B")
    done = doctor(*options, "--no-namespaces")
    assert done.returncode == 0, done.stderr
    assert "Notebooks run at step B here." in done.stdout
    assert "unshare: Operation not permitted" in done.stdout.replace("\n", " ")


def test_every_attempt_is_stopped_where_it_is_said() -> None:
    """Each step that is usable here stops all that was tried; without a sandbox, not all is."""
    machine = examine_machine()
    by_step = {tried.step: tried for tried in machine.steps}
    assert set(by_step) == {"A", "B", "C"}
    for step in ("A", "B"):
        if by_step[step].usable:
            further = {HIDE} if step == "B" else set()  # at step A a file system counts
            assert {a.name for a in by_step[step].attempts} == set(ATTEMPTS) | further
            assert all(attempt.stopped for attempt in by_step[step].attempts)
    unstopped = {a.name for a in by_step["C"].attempts if not a.stopped}
    limits = {name for name in ATTEMPTS if "than allowed" in name}
    assert unstopped >= set(ATTEMPTS) - limits
    assert not by_step["C"].usable


# Tries the steps as if Landlock were of another version, and finds out what is left of that.
EXAMINE = """
import json, os, subprocess, sys, time
from grader.execution.sandbox import linux
from grader.execution.sandbox.memory import descendants
abi, command = sys.argv[1], sys.argv[2:]
linux.become_subreaper()
program = (
    "import json, sys; from dataclasses import asdict; from grader.execution.sandbox import ladder;"
    f"json.dump(asdict(ladder.examine({abi})), sys.stdout)"
)
start = time.monotonic()
done = subprocess.run([*command, sys.executable, "-c", program], stdout=subprocess.PIPE, timeout=50)
seconds = time.monotonic() - start
print(json.dumps([json.loads(done.stdout), seconds, descendants(os.getpid())]))
"""


def examined(abi: int, *options: str) -> tuple[Machine, float, list[int]]:
    """Try the steps as if Landlock were of this version; return how long it took, and orphans."""
    confined = [sys.executable, "-m", "tests.confined", *options]
    command = [sys.executable, "-c", EXAMINE, str(abi), *confined]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    return msgspec.json.decode(done.stdout, type=tuple[Machine, float, list[int]])


def test_an_attempt_that_hangs_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """It makes its step one that is not offered, and says why."""

    def hang(_: attempts.Target) -> str:
        time.sleep(60)
        return ""

    monkeypatch.setattr(ladder, "SECONDS", 1)
    monkeypatch.setitem(attempts.ATTEMPTS, "hang", hang)
    start = time.monotonic()
    steps = ladder.examine().steps
    assert time.monotonic() - start < 10
    tried = [step for step in steps if step.step in ("A", "B") and "unshare" not in step.error]
    assert all("more than 1 s" in step.error and not step.usable for step in tried)


@pytest.mark.parametrize(("kills", "is_error"), [(2, False), (3, True)])
def test_a_step_whose_trial_is_killed_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, kills: int, *, is_error: bool
) -> None:
    """Something outside may have done it; what is killed each time cannot be used."""
    left, given = os.pipe()
    os.write(given, b"k" * kills)
    os.set_blocking(left, False)

    def killed(_: attempts.Target) -> NoReturn:
        os.read(left, 1)  # where nothing is left, an OSError: the attempt is stopped
        os._exit(1)

    usual = examine_machine()
    monkeypatch.setattr(ladder, "ATTEMPTS", {"killed": killed, **ATTEMPTS})
    machine = ladder.examine()
    changed = [
        t.step for t, u in zip(machine.steps, usual.steps, strict=True) if t.error != u.error
    ]
    assert changed == ([usual.step] if is_error else [])


@pytest.mark.parametrize("options", [(), ("--user",)] if AS_ROOT else [()], ids=str)
@pytest.mark.parametrize("abi", range(8))
def test_on_an_older_kernel(abi: int, options: tuple[str, ...]) -> None:
    """Step B keeps its word from the first version of Landlock on; without one, it is not offered.

    Trying it takes no time, and leaves no process behind.
    """
    machine, seconds, orphans = examined(abi, *options, "--no-namespaces")
    (step,) = (tried for tried in machine.steps if tried.step == "B")
    if abi == 0:
        assert machine.step == "C"
        assert "Linux 5.13" in step.error
    else:
        assert (machine.step, step.error) == ("B", "")
        assert [a.name for a in step.attempts if not a.stopped] == []
    assert seconds < 10
    assert orphans == []


@pytest.mark.parametrize(("abi", "said"), [(0, False), (1, True), (5, True), (6, False)])
def test_what_an_older_landlock_costs_is_said(abi: int, said: bool) -> None:  # noqa: FBT001
    """That a notebook cannot end what it has started."""
    machine = Machine((), abi, "", root=False, processor="x86_64")
    console = Console(width=200, record=True, file=io.StringIO())
    print_machine(console, machine)
    assert ("cannot end processes" in console.export_text()) == said
