"""A class over a Dask cluster: real schedulers, and workers in processes of their own."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import Client

from grader.batch.gradebook import Gradebook
from grader.cli import main
from grader.execution.sandbox.memory import descendants
from tests.batch.classes import (
    READS,
    Small,
    end_group,
    same,
    small,
    wait_for_results,
    wait_until_gone,
)
from tests.batch.daskers import ROOT, Daskers, daskers, graders
from tests.batch.deadly_worker import DEADLY
from tests.hostile.harness import CANARY, HONEST, TOTAL

pytestmark = pytest.mark.dask
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Daskers]:
    """Return a cluster of two workers, for all tests that leave it as it is."""
    with tempfile.TemporaryDirectory() as folder, daskers(Path(folder)) as cluster:
        for _ in range(2):
            cluster.join("--preload", "tests.batch.deadly_worker")
        yield cluster


@pytest.fixture
def empty() -> Iterator[Daskers]:
    """Return a cluster of its own, without workers yet."""
    with tempfile.TemporaryDirectory() as folder, daskers(Path(folder)) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def locally(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """Return a class of eight that the local pool has graded."""
    made = small(tmp_path_factory.mktemp("locally"))
    made.write_class(8, 0.3)
    assert made.grade() == 0
    return made


@pytest.fixture
def course(tmp_path: Path) -> Small:
    """Return the same class, not graded yet."""
    made = small(tmp_path)
    made.write_class(8, 0.3)
    return made


def test_results_are_those_of_the_local_pool(
    cluster: Daskers, course: Small, locally: Small
) -> None:
    """And nothing is said that need not be. Here, they hold for the local pool, too."""
    with course.grading("--dask", cluster.address) as process:
        _, warned = process.communicate(timeout=60)
        assert (process.returncode, warned) == (0, "")
    assert same(course.results(), locally.results())
    with course.grading() as process:
        said, warned = process.communicate(timeout=60)
    assert "nothing has changed" in said


def test_a_killed_worker_costs_nobody_anything(
    cluster: Daskers, course: Small, locally: Small
) -> None:
    """What it held, others grade; nothing of it is left on its machine."""
    with course.grading("--dask", cluster.address) as process:
        wait_for_results(process, 1)
        (worker,) = graders(cluster.workers[0])
        below, held = descendants(worker), set(cluster.left())
        os.kill(worker, signal.SIGKILL)
        _, warned = process.communicate(timeout=60)
        assert (process.returncode, warned) == (0, "")
    assert same(course.results(), locally.results())
    assert wait_until_gone(below) == []
    assert held - set(cluster.left())


def test_what_kills_each_worker_is_named(cluster: Daskers, course: Small, locally: Small) -> None:
    """It alone: not those whom it was held together with, each time."""
    for name in ("b_deadly", "student_98_deadly"):
        course.write(name, *HONEST, f"# {DEADLY}")
    with course.grading("--dask", cluster.address) as process:
        _, warned = process.communicate(timeout=200)
        assert (process.returncode, warned) == (2, "")
    deadly = [result for result in course.results() if "deadly" in result.student]
    assert [result.status for result in deadly] == ["not_graded"] * 2
    for result in deadly:
        assert result.message.startswith("each worker process that was to grade it died")
    others = [result for result in course.results() if "deadly" not in result.student]
    assert same(others, locally.results())


def test_a_second_interrupt_stops(cluster: Daskers, course: Small, locally: Small) -> None:
    """The cluster is given nothing more to do, and the same command does the rest."""
    with course.grading("--dask", cluster.address) as process:
        wait_for_results(process, 1)
        for _ in range(2):
            end_group(process, signal.SIGINT)
            time.sleep(0.2)
        _, warned = process.communicate(timeout=20)
        assert process.returncode == 130
    assert [line[:17] for line in warned.splitlines()] == ["grader: finishing", "grader: stopped. "]
    assert _tasks(cluster) == 0
    with course.grading("--dask", cluster.address) as process:
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert same(course.results(), locally.results())
    assert course.gradings() == locally.gradings()


def _tasks(cluster: Daskers) -> int:
    """Return how many tasks the scheduler has a few seconds later at the most."""
    connect: Any = Client  # without types
    with connect(cluster.address) as client:
        for _ in range(50):
            count = client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))
            if not count:
                break
            time.sleep(0.1)
        return int(count)


@pytest.mark.parametrize("numbers", ["", "INT", "INT INT", "KILL"])
def test_a_cluster_of_this_machine_leaves_nothing(
    course: Small, locally: Small, numbers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the grader ends. Ctrl-C at the terminal reaches the grader alone."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setenv("TMPDIR", folder)
        with course.grading("--dask", "local") as process:
            wait_for_results(process, 2)
            below = descendants(process.pid)
            for number in numbers.split():
                end_group(process, signal.Signals[f"SIG{number}"])
                time.sleep(0.2)
            _, warned = process.communicate(timeout=60)
        assert process.returncode == {"": 0, "KILL": -signal.SIGKILL}.get(numbers, 130)
        assert all(line.startswith("grader: ") for line in warned.splitlines())
        assert wait_until_gone(below) == []
        assert list(Path(folder).glob("grader-*")) == []
    recorded = {student for student, count in course.gradings().items() if count}
    assert len(recorded) >= 2
    if numbers == "":
        assert same(course.results(), locally.results())
    if numbers == "INT":
        assert "interrupted: " in warned
        assert all(result.status == "graded" for result in course.results())


def test_nothing_is_read_from_a_shared_disk(empty: Daskers, course: Small, locally: Small) -> None:
    """A worker that joins later, when the course is not there any more, grades as the others do."""
    empty.join()
    for number in range(8, 20):
        waits = "import time\nWAITED = time.sleep(1.5)"
        course.write(f"student_{number:02}", waits, READS, TOTAL, CANARY)
    with course.grading("--dask", empty.address) as process:
        wait_for_results(process, 1)
        course.course.rename(course.folder / "elsewhere")
        late = empty.join()
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert same(course.results()[:8], locally.results())
    assert len(course.results()) == 20
    (pid,) = graders(late)
    with Gradebook.open(course.book) as book:
        workers = {
            grading.worker
            for score in book.scores("hostile")
            for attempt in book.attempts("hostile", score.student)
            for grading in attempt.gradings
        }
    assert any(worker.endswith(f":{pid}") for worker in workers)


def test_workers_of_another_grader_are_not_used(
    empty: Daskers, course: Small, locally: Small, other_grader: Path
) -> None:
    """Which is said; where there are no others, that is an error."""
    empty.join(root=other_grader)
    with course.grading("--dask", empty.address) as process:
        _, warned = process.communicate(timeout=60)
        assert process.returncode == 2
    *_, last = warned.splitlines()
    assert last.startswith("grader: no worker of the cluster can be used: workers such as tcp://")
    assert "other source files of the grader than there are here" in last
    empty.join()
    with course.grading("--dask", empty.address) as process:
        _, warned = process.communicate(timeout=60)
        assert process.returncode == 0
    assert warned.count("\n") == 1
    assert "not used: they have other source files" in warned
    assert same(course.results(), locally.results())


def test_where_only_other_workers_are_left_that_is_an_error(
    empty: Daskers, course: Small, locally: Small, other_grader: Path
) -> None:
    """One line says so, what was graded is recorded, and the same command does the rest."""
    good = empty.join()
    with course.grading("--dask", empty.address) as process:
        wait_for_results(process, 1)
        good.terminate()
        good.wait(30)
        empty.join(root=other_grader)
        _, warned = process.communicate(timeout=90)
        assert process.returncode == 2
    *_, last = warned.splitlines()
    assert last.startswith("grader: no worker of the cluster that can be used is left: the others ")
    assert "have other source files of the grader than there are here. What was" in last
    done = course.results()
    assert 1 <= len(done) < 8
    known = {result.student: result for result in locally.results()}
    assert same(done, [known[result.student] for result in done])
    empty.join()
    with course.grading("--dask", empty.address) as process:
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert same(course.results(), locally.results())


@pytest.fixture
def other_grader(tmp_path: Path) -> Path:
    """Return a folder with a copy of the grader in which something is different."""
    folder = tmp_path / "other"
    shutil.copytree(ROOT / "grader", folder / "grader")
    folder.chmod(0o755)
    tmp_path.chmod(0o755)
    with (folder / "grader" / "judging" / "compare.py").open("a") as file:
        file.write("\n# Something else.\n")
    return folder


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:1", "nowhere", "http://127.0.0.1:80", "a:b:c"]
)
def test_where_no_scheduler_answers_one_line_says_so(
    course: Small, capfd: Capture, address: str
) -> None:
    """Before anybody has had a coffee."""
    started = time.monotonic()
    assert main(course.command("--dask", address)) == 2
    error = capfd.readouterr().err
    assert error.startswith(f"grader: --dask {address}: no Dask scheduler answers there")
    assert error.count("\n") == 1
    assert time.monotonic() - started < 20


def test_a_scheduler_that_vanishes_costs_only_time(
    empty: Daskers, course: Small, locally: Small
) -> None:
    """One line says so, what was graded is recorded, and the same command does the rest."""
    empty.join()
    with course.grading("--dask", empty.address) as process:
        wait_for_results(process, 2)
        assert empty.scheduler
        empty.scheduler.kill()
        empty.scheduler.wait()
        _, warned = process.communicate(timeout=30)
        assert process.returncode == 2
    assert warned.count("\n") == 1
    assert warned.startswith("grader: the Dask cluster has let go of what it was given")
    assert "What was graded is recorded" in warned
    assert 2 <= len(course.results()) < 8
    empty.begin()
    empty.join()
    with course.grading("--dask", empty.address) as process:
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert same(course.results(), locally.results())
    assert course.gradings() == locally.gradings()
