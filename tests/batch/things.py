"""A course of two functions and a variable, and what grades notebooks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from grader.batch.grade import Task, grade_submission
from grader.execution.kernel import KernelRunner
from grader.execution.plan import Plan
from grader.execution.runner import Again, Answerer, Request
from grader.judging.evidence import with_evidence
from grader.judging.expected import answer_key
from grader.judging.helpers import Helpers
from grader.results import QuestionResult, Run, SubmissionResult
from grader.spec import Limits
from grader.submission import SubmissionFile
from tests.conftest import WriteNotebook

REFERENCE = """
def above(x):
    return float(x > 0.5)

def twice(x):
    return 2.0 * above(x)
"""
ASSIGNMENT = """
from grader import Case, Limits, question
from reference import thing as ref

limits = Limits(cell_seconds=2, call_seconds=2, notebook_seconds=10)

@question(ref.above, points=4, returns=("y",))
def above(rng):
    yield Case(x=0.25)
    yield Case(x=0.75)

@question(ref.twice, points=4, returns=("y",), helpers=("above",))
def twice(rng):
    yield Case(x=0.25)
    yield Case(x=0.75)

@question(points=2)
def size():
    return 3
"""
FILES = {
    "code/t.txt": b"0.5",
    "mine.py": (
        b"def above(x):\n    y = float(x > 0.5)\n    return y - 1\n"
        b"def good(x):\n    return float(x > 0.5)\n"
        b"def raises(x):\n    return {}[x]\n"
    ),
    "tool.py": (
        b"import builtins\ndef store():\n    open('a', 'w').write('0.5')\n"
        b"def put():\n    builtins.THR = 0.5\n"
    ),
}


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory, runner: KernelRunner) -> Iterator[Task]:
    """Return what is needed to grade two functions and a variable, with files beside."""
    course, beside = tmp_path_factory.mktemp("course"), tmp_path_factory.mktemp("beside")
    for name, text in {
        "reference/__init__.py": "",
        "reference/thing.py": REFERENCE,
        "assignments/thing/assignment.py": f'"""Things."""\n{ASSIGNMENT}',
    }.items():
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text(text)
    for name, content in FILES.items():
        (beside / name).parent.mkdir(exist_ok=True)
        (beside / name).write_bytes(content)
    helpers = Helpers(lambda: course, "thing")
    key = with_evidence(answer_key(course, "thing", b"s"), course, b"s", None)
    yield Task(key, runner, beside, helpers=helpers, beside=FILES)
    helpers.close()


class Counting:
    """A Runner that counts how often a notebook is run whole."""

    def __init__(self, runner: KernelRunner) -> None:
        self.plan, self._run = runner.plan, runner.run
        self.whole = 0

    def run(
        self,
        plan: Plan,
        requests: list[Request],
        limits: Limits,
        support: Path | None,
        again: Again | None = None,
        answerer: Answerer | None = None,
    ) -> Run:
        """Run, and count."""
        self.whole += plan.mode == "all"
        return self._run(plan, requests, limits, support, again, answerer)


Graded = tuple[SubmissionResult, Mapping[str, QuestionResult], int]
Grade = Callable[..., Graded]


@pytest.fixture
def grade(small: Task, write_notebook: WriteNotebook) -> Grade:
    """Return a function that grades cells; how often they were run whole is said, too."""

    def graded(*cells: str) -> Graded:
        assert isinstance(small.runner, KernelRunner)
        counting = Counting(small.runner)
        path = write_notebook(*cells)
        task = replace(small, runner=counting)  # type: ignore[arg-type]
        result = grade_submission(task, SubmissionFile("student", path))
        return result, {each.name: each for each in result.questions}, counting.whole

    return graded
