"""Every number of the catalogue of hostile notebooks, in real kernels, beside an honest one."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.batch.grade import Task, grade_submission
from grader.execution.kernel import KernelRunner
from grader.judging.expected import answer_key
from grader.results import SubmissionResult
from tests.hostile import breaking, lying, reaching, record
from tests.hostile.harness import (
    HONEST,
    MEMORY,
    Hostile,
    Traces,
    forget_peak,
    grade_beside,
    resident,
    traces,
    write,
)

ALL: list[Hostile] = [*reaching.CASES, *lying.CASES, *breaking.CASES, *record.CASES]


pytestmark = pytest.mark.hostile


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run everything at each step of the sandbox that was asked for."""
    if "task" in metafunc.fixturenames:
        steps = list(metafunc.config.getoption("--steps"))
        metafunc.parametrize("task", steps, indirect=True, scope="module")


@pytest.fixture(scope="module")
def task(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Task]:
    """Return what is needed to grade the hostile assignment, at each step of the sandbox."""
    tmp_path_factory.getbasetemp()  # before another place for temporary files is set
    course = Path(__file__).parent / "course"
    key = answer_key(course, "hostile", b"secret of the hostile tests")
    with (
        tempfile.TemporaryDirectory(prefix="hostile-") as folder,
        pytest.MonkeyPatch.context() as m,
    ):
        Path(folder).chmod(0o755)  # kernels of root's run as other users
        m.setattr(tempfile, "tempdir", folder)
        with KernelRunner(request.param) as runner:
            assert runner.machine.steps, "the sandbox was not tried"
            yield Task(key, runner)


@pytest.fixture(scope="module")
def alone(task: Task, tmp_path_factory: pytest.TempPathFactory) -> SubmissionResult:
    """Return the honest notebook's result where it is graded alone."""
    return grade_submission(task, write(tmp_path_factory.mktemp("alone"), "honest", HONEST))


def test_the_honest_notebook_is_right(alone: SubmissionResult) -> None:
    """Else it could not be harmed."""
    assert alone.score == alone.max_score


@pytest.mark.parametrize("hostile", ALL, ids=lambda hostile: hostile.id)
def test_hostile(hostile: Hostile, task: Task, alone: SubmissionResult, tmp_path: Path) -> None:
    """It comes to what the catalogue says, harms nobody, leaves nothing, and costs no memory."""
    before, memory = traces(), resident(peak=False)
    forget_peak()
    attack = write(tmp_path, hostile.id, hostile.cells)
    seen, honest = grade_beside(task, attack, write(tmp_path, "honest", HONEST))

    assert replace(honest, path="") == replace(alone, path="")
    _came_to(hostile, seen)
    assert resident(peak=True) - memory < MEMORY
    _left_nothing(before)


def _came_to(hostile: Hostile, seen: SubmissionResult) -> None:
    by_name = {question.name: question for question in seen.questions}
    for name, statuses in hostile.outcome.items():
        assert by_name[name].status in statuses.split(), by_name[name]
    told = repr(seen)
    for text in hostile.says:
        assert text in told
    for text in hostile.never:
        assert text not in told
    if hostile.check:
        hostile.check(seen)


def _left_nothing(before: Traces) -> None:
    """Wait a moment for the last processes to be gone, then compare."""
    until = time.monotonic() + 5
    while (left := _left(before)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not left


def _left(before: Traces) -> list[str]:
    now = traces()
    left = [f"process {process}" for process in now.processes - before.processes]
    left += [f"folder {folder}" for folder in now.folders - before.folders]
    if now.mounts != before.mounts:
        left.append(f"{now.mounts - before.mounts} mounts")
    if now.descriptors > before.descriptors:
        left.append(f"{now.descriptors - before.descriptors} open files")
    return left


def test_every_number_is_tried() -> None:
    """The catalogue has 62 numbers; those of the record and of reading are tested elsewhere."""
    tried = {number for hostile in ALL for number in hostile.numbers}
    assert tried | set(record.ELSEWHERE) == set(range(1, 63)) | {68, 69, 80}
