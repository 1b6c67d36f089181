"""`grader doctor`, on this machine and on ones that allow less."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from grader.doctor import examine_machine
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
            assert len(by_step[step].attempts) == 8
            assert all(attempt.stopped for attempt in by_step[step].attempts)
    unstopped = {a.name for a in by_step["C"].attempts if not a.stopped}
    assert {"read files outside the notebook's folder", "use the network"} <= unstopped
    assert not by_step["C"].usable
