"""A class from the command line to the gradebook: resumed, repeated, interrupted, killed."""

import json
import os
import re
import shutil
import signal
import time
from pathlib import Path

import pytest

from grader.batch.gradebook import Gradebook
from grader.cli import main
from grader.execution.sandbox.memory import descendants
from grader.reporting.json import read
from tests.batch.classes import (
    NAME,
    Small,
    end_group,
    same,
    small,
    wait_for_results,
    wait_until_gone,
    workers_of,
)
from tests.hostile.harness import CANARY, DOUBLE, HONEST, TOTAL

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("shared_workers")


@pytest.fixture
def course(tmp_path: Path) -> Small:
    """Return a small course with a class of six."""
    made = small(tmp_path)
    made.write_class(6)
    return made


@pytest.fixture
def uninterrupted(tmp_path: Path, shared_workers: None) -> Small:
    """Return a class of eight that was graded without any trouble."""
    made = small(tmp_path / "whole")
    made.write_class(8, 0.3)
    assert made.grade() == 0
    return made


def test_only_what_changed_is_graded_again(course: Small, capsys: Capture) -> None:
    """Nothing at first, then one notebook, then all: the assignment has changed."""
    assert course.grade() == 0
    before = course.results()
    assert [result.score for result in before] == [10, 10, 6, 10, 10, 6]
    assert course.grade() == 0
    assert "6 submissions, with results from before" in capsys.readouterr().out
    assert course.results() == before
    course.write("student_02", DOUBLE, TOTAL, CANARY)
    assert course.grade() == 0
    assert "1 submission graded" in capsys.readouterr().out
    assert course.results()[2].score == 10
    file = course.course / "assignments" / NAME / "assignment.py"
    file.write_text(file.read_text().replace("points=2", "points=3"))
    assert course.grade() == 0
    assert "6 submissions graded" in capsys.readouterr().out
    assert [result.max_score for result in course.results()] == [11] * 6
    assert course.grade("--force") == 0
    assert "6 submissions graded" in capsys.readouterr().out


def page_scores(course: Small) -> list[str]:
    """Return the scores on the page of the class, in which each student has a page."""
    index = (course.out / "index.html").read_text()
    row = r'<a href="(students/\w+.html)">[^<]*</a></th>\s*<td class="number">([^<]*)<'
    rows = re.findall(row, index)
    pages = {f"students/{page.name}" for page in (course.out / "students").iterdir()}
    assert {page for page, _ in rows} == pages
    return [score for _, score in rows]


def run_scores(course: Small) -> list[float]:
    """Return the scores in `results.json`."""
    return [result.score for result in read(course.out / "results.json").submissions]


def test_grading_one_student_removes_nobody(course: Small, capsys: Capture) -> None:
    """The pages show the class as the gradebook has it; `results.json` is that of the run."""
    html = ("--format", "html,json")
    assert course.grade(*html) == 0
    pages = sorted((course.out / "students").iterdir())
    assert len(pages) == 6
    course.write("student_02", DOUBLE, TOTAL, CANARY)
    one = course.command(*html)
    one[2] = str(course.students / "student_02.ipynb")
    base = ["gradebook", "--gradebook", course.book]
    last = ["student_05", "--reason", "left"]
    capsys.readouterr()
    assert main(one) == 0
    assert "student_03" not in capsys.readouterr().out
    assert sorted((course.out / "students").iterdir()) == pages
    assert page_scores(course) == ["10", "10", "10", "10", "10", "6"]
    assert run_scores(course) == [10]
    assert main([*base, "adjust", NAME, "student_04", "--set", "1", "--reason", "r"]) == 0
    assert main([*base, "forget", NAME, *last]) == 0
    assert main([*one, "--fail-under", "50"]) == 0
    assert sorted((course.out / "students").iterdir()) == pages[:-1]
    assert page_scores(course) == ["10", "10", "10", "10", "1"]
    assert main([*course.command(*html), "--fail-under", "50"]) == 1
    assert page_scores(course) == ["10", "10", "10", "10", "1", "6"]
    assert run_scores(course) == [10, 10, 10, 10, 1, 6]


def test_a_name_of_before_is_not_left_behind(course: Small, capsys: Capture) -> None:
    """A notebook that stands under another name is said, with the command that joins both."""
    assert course.grade() == 0
    base = ["gradebook", "--gradebook", course.book]
    assert main([*base, "rename", NAME, "student_00", "old/name"]) == 0
    assert main([*base, "adjust", NAME, "old/name", "--set", "1", "--reason", "r"]) == 0
    capsys.readouterr()
    assert course.grade() == 0
    assert "rename" not in capsys.readouterr().err
    (course.students / "student_00.ipynb").rename(course.students / "new.ipynb")
    folder = course.students / "bob"
    folder.mkdir()
    (course.students / "student_01.ipynb").rename(folder / "nb.ipynb")
    assert course.grade() == 0
    assert "rename" not in capsys.readouterr().err
    one = course.command()
    one[2] = str(folder / "nb.ipynb")
    assert main(one) == 0
    told = capsys.readouterr().err
    assert told == (
        f"grader: {folder}/nb.ipynb: is nb, and stands in the gradebook as bob: if this is one "
        f"student, `grader gradebook rename {NAME} bob nb` lets results and adjustments follow\n"
    )


def test_what_is_late_comes_into_the_results(course: Small) -> None:
    """From the platform's name of the file, also where the result is one of before."""
    folder = course.folder / "canvas"
    folder.mkdir()
    for name, late in (("student_00", "LATE_"), ("student_01", "")):
        target = folder / f"{name}_{late}7{name[-1]}_8_hw.ipynb"
        (course.students / f"{name}.ipynb").rename(target)
    arguments = course.command()
    arguments[2] = str(folder)
    for _ in range(2):
        assert main(arguments) == 0
        results = read(course.out / "results.json").submissions
        assert [(each.late, each.score) for each in results] == [(True, 10), (False, 10)]


def test_what_is_no_hand_in_invents_nobody(course: Small, capsys: Capture) -> None:
    """One line and exit code 2; a hand-in without a notebook is a student with no points."""
    readme = course.folder / "README.md"
    readme.write_text("# hello")
    arguments = course.command()
    arguments[2] = str(readme)
    assert main(arguments) == 2
    said = "not a notebook (*.ipynb), nor a folder or a zip archive of notebooks"
    assert capsys.readouterr().err == f"grader: {readme}: {said}\n"
    assert not Path(course.book).exists()
    (course.students / "README.md").write_text("# hello")
    (course.students / "zed").mkdir()
    (course.students / "zed" / "hw.py").write_text("x = 1")
    assert course.grade() == 0
    *_, zed = course.results()
    assert (zed.student, zed.status, zed.score) == ("zed", "unreadable", 0)
    assert zed.message == "no notebook (*.ipynb) was handed in; found: hw.py"
    assert "README.md: nobody's" in capsys.readouterr().err


def test_remarks_in_an_assignment_change_nothing(course: Small, capsys: Capture) -> None:
    """What can change a result is counted, not the text of the file."""
    assert course.grade() == 0
    file = course.course / "assignments" / NAME / "assignment.py"
    file.write_text(file.read_text() + "\n# A remark.\n")
    assert course.grade() == 0
    assert "nothing has changed" in capsys.readouterr().out


def test_a_trial_lists_what_would_change(course: Small, capsys: Capture) -> None:
    """Before it is recorded; no report is touched."""
    assert course.grade() == 0
    report = (course.out / "results.json").read_bytes()
    file = course.course / "reference" / "tiny.py"
    wrong = "float(np.asarray(x).sum(axis=0)[0])"
    file.write_text(file.read_text().replace("float(np.sum(x))", wrong))
    course.write("student_09", *HONEST)
    assert course.grade("--dry-run") == 0
    said = capsys.readouterr().out
    assert "6 scores would change, all on `total`; 0 would not; 1 student would get" in said
    assert "total 4 → 0" in said
    assert "total 0 → 4" in said
    assert (course.out / "results.json").read_bytes() == report
    with Gradebook.open(course.book) as book:
        assert len(book.runs()) == 1
        assert len(book.scores(NAME)) == 6


def test_the_first_class_of_a_course(course: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing said and nothing there: the gradebook is made, for nobody else to read."""
    monkeypatch.delenv("GRADER_GRADEBOOK")
    shutil.rmtree(course.course / ".grader")
    options = ["--course", str(course.course), "--out", str(course.out), "--format", "json"]
    assert main(["grade", NAME, str(course.students), *options]) == 0
    book = course.course / ".grader" / "gradebook.sqlite"
    assert book.stat().st_mode & 0o77 == 0
    with Gradebook.open(book) as opened:
        assert len(opened.scores(NAME)) == 6


@pytest.mark.slow
def test_the_first_interrupt_ends_in_order(uninterrupted: Small, tmp_path: Path) -> None:
    """What runs is finished and reported; the same command does the rest, and nothing twice."""
    course = small(tmp_path)
    course.write_class(8, 0.3)
    with course.grading() as process:
        wait_for_results(process, 2)
        end_group(process, signal.SIGINT)
        said, warned = process.communicate(timeout=60)
        assert process.returncode == 130
    assert "finishing the notebooks that run" in warned
    content = json.loads((course.out / "results.json").read_text())
    done = len(content["submissions"])
    assert 2 <= done < 8
    assert content["missing"] == 8 - done
    assert f"interrupted: {done} of 8 submissions have results" in warned
    assert f"Wrote {course.out / 'results.json'}" in said
    assert course.grade() == 0
    assert same(course.results(), uninterrupted.results())
    assert course.gradings() == uninterrupted.gradings()


@pytest.mark.slow
@pytest.mark.parametrize(("numbers", "code"), [("INT INT", 130), ("TERM", 143)])
def test_a_second_interrupt_stops_at_once(
    uninterrupted: Small, tmp_path: Path, numbers: str, code: int
) -> None:
    """No process is left, in no time, and nothing that was graded is lost."""
    course = small(tmp_path)
    course.write_class(6, 0.3)
    course.write(
        "a_slow_one", "import time\nWAITED = time.sleep(2.5)", *HONEST[:1], "double(WAITED)"
    )
    for name in ("a_slow_one", "b_slow_one"):
        course.write(name, "import time\ndef double(x):\n    time.sleep(0.8)\n    return 2 * x")
    with course.grading() as process:
        wait_for_results(process, 1)
        time.sleep(0.3)
        below = descendants(process.pid)
        started = time.monotonic()
        for number in numbers.split():
            end_group(process, signal.Signals[f"SIG{number}"])
            time.sleep(0.2)
        _, warned = process.communicate(timeout=60)
        assert process.returncode == code
    assert time.monotonic() - started < 8
    assert "stopped. What was graded is recorded" in warned
    assert wait_until_gone(below) == []
    with Gradebook.open(course.book) as book:
        assert [run.status for run in book.runs()] == ["interrupted"]
        recorded = len(book.scores(NAME))
    assert 1 <= recorded < 8
    assert course.grade() == 0
    assert set(course.gradings().values()) == {1}
    assert len(course.results()) == 8


def test_a_gradebook_that_is_gone_is_said_to_be(course: Small, tmp_path: Path) -> None:
    """What was graded is where it is; put back, it has the results."""
    course.write_class(6, 0.3)
    with course.grading() as process:
        wait_for_results(process, 1)
        Path(course.book).rename(tmp_path / "elsewhere")
        _, warned = process.communicate(timeout=60)
        assert process.returncode == 2
    assert warned == (
        f"grader: {course.book}: the gradebook was moved or deleted while it was in use. What was "
        "graded is in that file: put it back, or the same command grades all again.\n"
    )
    (tmp_path / "elsewhere").rename(course.book)
    assert course.grade() == 0
    assert set(course.gradings().values()) == {1}


@pytest.mark.slow
@pytest.mark.parametrize("moment", [0.2, 0.7])
def test_a_killed_batch_is_taken_up(
    uninterrupted: Small, tmp_path: Path, where: str, moment: float
) -> None:
    """SIGKILL at some moment: the gradebook becomes that of an uninterrupted run."""
    course = small(tmp_path, where)
    course.write_class(8, 0.3)
    with course.grading() as process:
        wait_for_results(process, 1)
        time.sleep(moment)
        below = descendants(process.pid)
        process.kill()
        process.communicate(timeout=60)
    assert wait_until_gone(below) == []
    assert course.grade() == 0
    assert same(course.results(), uninterrupted.results())
    assert course.gradings() == uninterrupted.gradings()
    with Gradebook.open(course.book) as book:
        assert [run.status for run in book.runs()] == ["interrupted", "finished"]


def test_a_killed_worker_costs_nobody_anything(uninterrupted: Small, tmp_path: Path) -> None:
    """Not the others, and not even whoever it held: that one is tried again."""
    course = small(tmp_path)
    course.write_class(8, 0.3)
    with course.grading() as process:
        wait_for_results(process, 1)
        assert len(workers_of(process.pid)) == 2
        os.kill(workers_of(process.pid)[0], signal.SIGKILL)
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert same(course.results(), uninterrupted.results())


def test_an_interrupted_trial_says_that_it_is_partial(course: Small) -> None:
    """And that nothing was recorded."""
    course.write_class(6, 0.5)
    with course.grading("--dry-run") as process:
        wait_for_results(process, 1)
        end_group(process, signal.SIGINT)
        said, warned = process.communicate(timeout=60)
        assert process.returncode == 130
    assert "would get a first one" in said
    assert "of 6 submissions have results. Nothing was recorded (--dry-run)" in warned
    with Gradebook.open(course.book) as book:
        assert book.runs() == []


def test_two_at_once_do_not_write_to_one_gradebook(course: Small, capsys: Capture) -> None:
    """The second is told who writes, and harms nothing."""
    course.write("slow", "import time\nWAITED = time.sleep(2.5)\ncanary = not WAITED")
    with course.grading() as process:
        wait_for_results(process, 1)
        assert course.grade() == 2
        error = capsys.readouterr().err
        assert error.count("\n") == 1
        assert str(process.pid) in error
        process.communicate(timeout=60)
        assert process.returncode == 0


def test_the_log_tells_where_the_time_went(course: Small) -> None:
    """A line for each submission, with seconds by stage."""
    assert course.grade() == 0
    lines = (course.out / "grading.log").read_text().splitlines()
    assert f"run={NAME} submissions=6 known=0" in lines[0]
    told = [dict(part.split("=", 1) for part in line.split(" ")[1:]) for line in lines[1:-1]]
    assert {line["student"] for line in told} == {f"student_{number:02}" for number in range(6)}
    for line in told:
        first = ("load", "wait", "plan", "kernel", "cells", "calls")
        stages = (*first, "causes", "judge", "follow-through", "record")
        assert all(float(line[stage]) >= 0 for stage in stages)
        assert sum(float(line[stage]) for stage in stages) == pytest.approx(
            float(line["seconds"]), abs=0.01
        )
