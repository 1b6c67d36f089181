"""Reading and planning a hostile text costs a process of its own, not the grader."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.batch.grade import Task, grade_submission
from grader.errors import SubmissionError
from grader.execution import reading
from grader.execution.kernel import KernelRunner
from grader.execution.plan import Plan, plan
from grader.spec import Assignment, Question
from grader.submission import SubmissionFile, read_notebook
from tests.conftest import WriteNotebook
from tests.hostile.harness import forget_peak, resident
from tests.notebooks import solution

ASSIGNMENT = Assignment("a", "A", (Question("f", "function", "", 1.0, ("x",)),))
EXHAUSTING: dict[str, Callable[[], str]] = {
    "a long chain": lambda: "x = " + "1+" * 100_000 + "1",
    "a long comparison": lambda: "x = " + "a<" * 100_000 + "a",
    "brackets": lambda: "x = " + "[" * 50_000 + "]" * 50_000,
    "unary": lambda: "x = " + "-" * 200_000 + "1",
    "attributes": lambda: "x = a" + ".a" * 100_000,
    "f-strings": lambda: "x = f'" + "{a}" * 60_000 + "'",
    "nested blocks": lambda: (
        "\n".join(" " * i + "if 1:" for i in range(99)) + "\n" + " " * 99 + "x"
    ),
    "many names": lambda: "\n".join(f"a{i} = a{i - 1}" for i in range(1, 20_000)),
    "a regular expression's trap": lambda: (
        "# " + "GRADED FUNCTION: " * 20_000 + "\n#" + "-" * 100_000
    ),
}


def test_a_plan_is_the_same_as_in_this_process(
    runner: KernelRunner, write_notebook: WriteNotebook
) -> None:
    """Nothing of it is lost on the way."""
    path = write_notebook(*solution(sigmoid="def sigmoid(z:\n    pass"))
    assert runner.plan(path, ASSIGNMENT) == plan(read_notebook(path), ASSIGNMENT)


@pytest.mark.parametrize("name", EXHAUSTING)
def test_a_text_that_exhausts_the_parser(
    name: str, runner: KernelRunner, write_notebook: WriteNotebook
) -> None:
    """It is planned, or a named result; the grader's own memory stays within bounds."""
    path = write_notebook(EXHAUSTING[name](), "def f():\n    return 1")
    before, started = resident(peak=False), time.monotonic()
    forget_peak()
    outcome = _plan_or_refusal(runner, path)
    if isinstance(outcome, str):
        assert "cannot be read" in outcome
    else:
        assert "f" in outcome.definitions
    assert resident(peak=True) - before < 100 * 2**20
    assert time.monotonic() - started < 120  # the limit is of processor time: 10 s


def _plan_or_refusal(runner: KernelRunner, path: Path) -> Plan | str:
    try:
        return runner.plan(path, ASSIGNMENT)
    except SubmissionError as error:
        return str(error)


def test_what_takes_too_long_is_a_named_result(
    task: Task, runner: KernelRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that is ended at its limit leaves a submission that could not be read."""
    nested = tmp_path / "nested.ipynb"
    nested.write_text('{"cells": ' + "[" * 10**6)
    result = grade_submission(task, SubmissionFile("nested", nested))
    assert result.status == "unreadable"
    assert "nested" in result.message
    assert str(reading.SECONDS) in reading.TOO_MUCH
