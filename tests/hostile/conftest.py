"""What is needed to grade hostile notebooks, at each step of the sandbox that was asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.batch.grade import Task
from grader.execution.kernel import KernelRunner
from grader.judging.evidence import with_evidence
from grader.judging.expected import answer_key
from tests.hostile.reaching import COURSE

SECRET = b"secret of the hostile tests"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run everything at each step of the sandbox that was asked for."""
    if "task" in metafunc.fixturenames:
        steps = list(metafunc.config.getoption("--steps"))
        metafunc.parametrize("task", steps, indirect=True, scope="module")


@pytest.fixture(scope="module")
def task(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Task]:
    """Return what is needed to grade the hostile assignment, and to say why answers are wrong."""
    tmp_path_factory.getbasetemp()  # before another place for temporary files is set
    key = with_evidence(answer_key(COURSE, "hostile", SECRET), COURSE, SECRET, None)
    assert all(each.evidence for each in key.questions if each.question.kind == "function")
    with (
        tempfile.TemporaryDirectory(prefix="hostile-") as folder,
        pytest.MonkeyPatch.context() as m,
    ):
        Path(folder).chmod(0o755)  # kernels of root's run as other users
        m.setattr(tempfile, "tempdir", folder)
        with KernelRunner(request.param) as runner:
            assert runner.machine.steps, "the sandbox was not tried"
            yield Task(key, runner)
