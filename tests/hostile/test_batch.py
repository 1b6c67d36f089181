"""Every hostile notebook among two hundred honest ones, in one batch, by the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.execution.sandbox.memory import descendants
from tests.batch.classes import Small, small
from tests.hostile.harness import HONEST, orphans
from tests.hostile.test_hostile import ALL

pytestmark = pytest.mark.hostile
HONEST_STUDENTS = 200


def test_two_hundred_honest_ones_fare_as_without_them(tmp_path: Path) -> None:
    """The same results, no process left behind, and each hostile one has a result of its own."""
    before = {*descendants(os.getpid()), *orphans()}  # those of other tests' fixtures
    course = small(tmp_path)
    for number in range(HONEST_STUDENTS):
        course.write(f"{number:03}", *HONEST)
    alone = graded(course)
    assert set(alone) == {f"{number:03}" for number in range(HONEST_STUDENTS)}
    assert {student["score"] for student in alone.values()} == {10}
    for number, hostile in enumerate(ALL):  # among the others, in the order of names
        course.write(f"{number % HONEST_STUDENTS:03}-{number:03}-{hostile.id}", *hostile.cells)
    among = graded(course, "--force")
    assert len(among) == HONEST_STUDENTS + len(ALL)
    assert {name: among[name] for name in alone} == alone
    assert {student["status"] for student in among.values()} <= {"graded", "unreadable"}
    assert {*descendants(os.getpid()), *orphans()} <= before


def graded(course: Small, *options: str) -> dict[str, Any]:
    """Grade the class; return its results by student."""
    command = [sys.executable, "-m", "grader", *course.command(*options)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    content = json.loads((course.out / "results.json").read_text())
    return {submission["student"]: submission for submission in content["submissions"]}
