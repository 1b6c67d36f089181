"""The process that answers for helpers is ended from outside: no student loses by it."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from grader.askable import Reply
from grader.batch.grade import Task, grade_submission
from grader.errors import DisturbedError
from grader.execution.kernel import KernelRunner
from grader.judging.expected import answer_key
from grader.judging.helpers import Helpers
from grader.results import SubmissionResult
from grader.submission import SubmissionFile
from tests.batch import relays
from tests.conftest import WriteNotebook
from tests.processes import processes

WRONG = {"base": "def base(x):\n    return x ** 2 + 3"}


class Dying(Helpers):
    """Answers for helpers; the process is killed so many `times`, each between two answers."""

    times = 0

    def answer(
        self, question: str, arguments: Mapping[str, Any], stream: Any, seconds: float
    ) -> Reply:
        """Answer."""
        answer = super().answer(question, arguments, stream, seconds)
        if not self.times:
            return answer
        self.times -= 1
        for process in processes(os.getpid()):
            if process.kind == "helper":
                os.kill(process.number, signal.SIGKILL)
        return super().answer(question, arguments, stream, seconds)


def test_no_student_loses_by_it(
    runner: KernelRunner, write_notebook: WriteNotebook, tmp_path: Path
) -> None:
    """Once, it is asked again; twice, there is no result; the next student has one again."""
    course = relays.write_course(tmp_path)
    helpers = Dying(lambda: course, "relay")
    task = Task(answer_key(course, "relay", b"secret"), runner, helpers=helpers)
    path = write_notebook(*relays.cells(**WRONG))

    def graded() -> SubmissionResult:
        return grade_submission(task, SubmissionFile("ann", path))

    try:
        quiet = graded()
        helpers.times = 1
        assert graded() == quiet
        helpers.times = 2
        with pytest.raises(DisturbedError, match="the process that answers for helpers was ended"):
            graded()
        assert graded() == quiet
    finally:
        helpers.close()
    assert quiet.score == len(quiet.questions) - 1
