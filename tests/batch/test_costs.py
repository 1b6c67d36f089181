"""A submission that makes the grader itself slow or large is a named result; the class goes on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.batch import costs
from grader.execution.sandbox.memory import descendants
from tests.batch.classes import Small, small, wait_until_gone
from tests.hostile.harness import HONEST, TOTAL

LARGE = "import numpy as np\ndef double(x):\n    return {value}"
HONEST_STUDENTS = ("anna", "ben", "zoe")


def a_class(folder: Path, value: str) -> Small:
    """Write a class of honest notebooks, and one whose function returns something large."""
    course = small(folder)
    for name in HONEST_STUDENTS:
        course.write(name, *HONEST)
    course.write("mallory", LARGE.format(value=value), TOTAL, "canary = True")
    return course


def graded(course: Small, *options: str) -> dict[str, tuple[str, float, str]]:
    """Grade the class; return status, score and message by student."""
    course.grade(*options)
    return {each.student: (each.status, each.score, each.message) for each in course.results()}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("limit", "least", "value", "words"),
    [
        ("SECONDS", 1.5, "[{}] * 190_000", "1.5 s of its own processor time"),
        ("MEMORY", 30 * 2**20, "np.zeros(60_000_000, np.int8)", "GB of its own memory"),
    ],
)
def test_a_worker_that_costs_too_much_is_ended(
    limit: str,
    least: float,
    value: str,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is replaced; who is graded beside it or after it, or again, is graded as ever."""
    before = {*descendants(os.getpid())}
    course = a_class(tmp_path, value)
    monkeypatch.setattr(costs, limit, least)
    for options in ((), ("--force",)):
        found = graded(course, *options)
        status, score, message = found.pop("mallory")
        assert (status, score) == ("not_graded", 0)
        assert words in message
        assert found == dict.fromkeys(HONEST_STUDENTS, ("graded", 10.0, ""))
    monkeypatch.undo()
    assert graded(course)["mallory"] == ("graded", 6.0, "")
    assert not wait_until_gone([*{*descendants(os.getpid())} - before])


def test_what_is_allowed_grows_with_what_is_sent() -> None:
    """An answer key may be large: what a worker makes of it is not the submission's fault."""
    before, now = costs.Costs(10**8), costs.Costs(10**8 + costs.MEMORY + 10**9)
    costs.check(before, now, sent=2 * 10**8)
    with pytest.raises(costs.TooCostlyError, match="2 GB of its own memory"):
        costs.check(before, now, sent=10**7)
    with pytest.raises(costs.TooCostlyError, match="300 s"):
        costs.check(before, costs.Costs(10**8, 301))


def test_a_process_s_own_costs_are_known() -> None:
    """In bytes and seconds; a process that is gone costs nothing."""
    own = costs.of_process(os.getpid())
    assert 10**7 < own.memory < 10**11
    assert own.seconds > 0
    assert costs.of_process(2**22 + 1) == costs.Costs()
