"""What tests share: the answer key of the shipped assignment, and notebooks made on the spot."""

from __future__ import annotations

import contextlib
import copy
import json
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from grader.batch.grade import Task, grade_submission
from grader.course import support_folder
from grader.doctor import examine_machine
from grader.execution.kernel import KernelRunner
from grader.judging.expected import AnswerKey, QuestionKey, answer_key
from grader.judging.helpers import Helpers
from grader.judging.scoring import judge_item
from grader.results import Observation, QuestionResult, Source, SubmissionResult
from grader.submission import SubmissionFile

# How long an example takes says something of the machine, and of what else runs on it.
settings.register_profile("any", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any")

COURSE = Path(__file__).parents[1]
SAMPLES = COURSE / "assignments" / "logistic_regression" / "samples"

WriteNotebook = Callable[..., Path]
GradeCells = Callable[..., SubmissionResult]
TaskFor = Callable[[str], Task]
Grade = Callable[..., dict[str, QuestionResult]]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the steps of the sandbox be chosen at which hostile notebooks are run."""
    parser.addoption("--steps", default="AB", help="steps for tests/hostile, such as A or AB")


def need_step(step: str) -> None:
    """Skip, and say why, where a step of the sandbox cannot be had on this machine."""
    (tried,) = (tried for tried in examine_machine().steps if tried.step == step)
    if not tried.usable:
        unstopped = [attempt.name for attempt in tried.attempts if not attempt.stopped]
        pytest.skip(f"no step {step} here: {tried.error or unstopped}")


@pytest.fixture(autouse=True)
def own_gradebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let every test have a gradebook of its own, and none write to the course's."""
    path = tmp_path / "gradebook.sqlite"
    monkeypatch.setenv("GRADER_GRADEBOOK", str(path))
    return path


@pytest.fixture(scope="session")
def key() -> AnswerKey:
    """Return the answer key of `logistic_regression`; a fixed secret draws its hidden cases."""
    return answer_key(COURSE, "logistic_regression", b"a secret for the tests")


@pytest.fixture(scope="session")
def runner() -> Iterator[KernelRunner]:
    """Return a Runner with real kernels, at the highest step of the sandbox that works here."""
    with KernelRunner() as runner:
        yield runner


@pytest.fixture(scope="session")
def task(key: AnswerKey, runner: KernelRunner) -> Iterator[Task]:
    """Return what is needed to grade `logistic_regression` in a real kernel."""
    with support_folder(COURSE, key.assignment) as support:
        helpers = Helpers(lambda: COURSE, key.assignment.name)
        yield Task(key, runner, support, helpers=helpers)
        helpers.close()


@pytest.fixture(scope="session")
def task_for(runner: KernelRunner) -> Iterator[TaskFor]:
    """Return a function from the name of an assignment to what is needed to grade it."""
    with contextlib.ExitStack() as folders:

        @cache
        def task(name: str) -> Task:
            key = answer_key(COURSE, name, b"a secret for the tests")
            support = folders.enter_context(support_folder(COURSE, key.assignment))
            helpers = Helpers(lambda: COURSE, name)
            folders.callback(helpers.close)
            return Task(key, runner, support, helpers=helpers)

        yield task


@pytest.fixture
def write_notebook(tmp_path: Path) -> WriteNotebook:
    """Return a function that writes a notebook of the given code cells."""

    def write(*cells: str, name: str = "student") -> Path:
        path = tmp_path / f"{name}.ipynb"
        path.write_text(notebook_json(*cells))
        return path

    return write


@pytest.fixture
def grade_cells(task: Task, write_notebook: WriteNotebook) -> GradeCells:
    """Return a function that grades a notebook of the given code cells in a real kernel."""

    def grade(*cells: str) -> SubmissionResult:
        path = write_notebook(*cells)
        return grade_submission(task, SubmissionFile("student", path))

    return grade


@pytest.fixture
def grade(task_for: TaskFor, write_notebook: WriteNotebook) -> Grade:
    """Return a function that grades cells for an assignment: results by name."""

    def grade(assignment: str, *cells: str) -> dict[str, QuestionResult]:
        path = write_notebook("import numpy as np", *cells)
        result = grade_submission(task_for(assignment), SubmissionFile("student", path))
        return {question.name: question for question in result.questions}

    return grade


def notebook_json(*cells: str) -> str:
    """Return a notebook of nbformat 4.4 with the given code cells, dedented."""
    return json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "execution_count": None,
                    "metadata": {},
                    "outputs": [],
                    "source": textwrap.dedent(cell).strip("\n"),
                }
                for cell in cells
            ],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 4,
        }
    )


def judged(key: QuestionKey, function: Callable[..., Any]) -> QuestionResult:
    """Judge what a function of ours answers, in this process."""
    seen = []
    for case in key.cases:
        np.random.seed(case.seed)
        answer = function(*copy.deepcopy(case.arguments))
        seen.append(Observation(key.question.name, case.id, "returned", value=answer))
    return judge_item(key, seen, (), {key.question.name: Source()})


def question_key(key: AnswerKey, name: str) -> QuestionKey:
    """Return the key of one question."""
    return next(question for question in key.questions if question.question.name == name)


def question(result: SubmissionResult, name: str) -> QuestionResult:
    """Return the result of one question."""
    return next(question for question in result.questions if question.name == name)
