"""Every number of the catalogue of hostile notebooks, in real kernels, beside an honest one."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from grader.batch.grade import Task, grade_submission
from grader.execution.kernel import KernelRunner
from grader.results import SubmissionResult
from tests.hostile import breaking, costly, lying, outside, reaching, record
from tests.hostile.bystander import bystander
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

ALL: list[Hostile] = [
    *(*reaching.CASES, *lying.CASES, *breaking.CASES, *costly.CASES, *record.CASES),
    *outside.CASES,
]


pytestmark = pytest.mark.hostile


@pytest.fixture(scope="module")
def alone(task: Task, tmp_path_factory: pytest.TempPathFactory) -> SubmissionResult:
    """Return the honest notebook's result where it is graded alone."""
    return grade_submission(task, write(tmp_path_factory.mktemp("alone"), "honest", HONEST))


def test_the_honest_notebook_is_right(alone: SubmissionResult) -> None:
    """Else it could not be harmed."""
    assert alone.score == alone.max_score


@pytest.mark.parametrize("hostile", ALL, ids=lambda hostile: hostile.id)
def test_hostile(hostile: Hostile, task: Task, alone: SubmissionResult, tmp_path: Path) -> None:
    """It comes to what the catalogue says, harms nobody, leaves nothing, and costs little."""
    if not hostile.outside:
        _is_tried(hostile, task, alone, tmp_path)
        return
    with bystander() as beside:
        before = beside.seen()
        told = replace(hostile, cells=(beside.cell, *hostile.cells))
        _is_tried(told, task, alone, tmp_path)
        assert beside.seen() == before


@pytest.mark.parametrize("abi", [1, 2, 3, 5])
@pytest.mark.parametrize("hostile", outside.CASES, ids=lambda hostile: hostile.id)
def test_on_an_older_kernel(
    hostile: Hostile, abi: int, task: Task, alone: SubmissionResult, tmp_path: Path
) -> None:
    """What Landlock does not govern there, a filter does."""
    assert isinstance(task.runner, KernelRunner)
    if task.runner.step != "B":
        pytest.skip("at step A there is nothing outside")
    with pytest.MonkeyPatch.context() as patch:
        machine = replace(task.runner.machine, landlock_abi=abi)
        patch.setattr(task.runner._zygote, "_machine", machine)
        test_hostile(hostile, task, alone, tmp_path)


def _is_tried(hostile: Hostile, task: Task, alone: SubmissionResult, tmp_path: Path) -> None:
    before, memory = traces(), resident(peak=False)
    forget_peak()
    attack = write(tmp_path, hostile.id, hostile.cells)
    started = time.monotonic()
    seen, honest = grade_beside(task, attack, write(tmp_path, "honest", HONEST))
    assert time.monotonic() - started < hostile.seconds

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
    """Those of the record, of reading, of what is told, and of how it starts are elsewhere."""
    tried = {number for hostile in ALL for number in hostile.numbers}
    assert tried | set(record.ELSEWHERE) == set(range(1, 85))
