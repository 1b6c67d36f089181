"""The command as a user runs it: one line for what is wrong, exit codes, reports."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.batch.pool import LocalPool
from grader.cli import main
from grader.commands import grade as command
from grader.reporting import FORMATS
from tests.conftest import COURSE, SAMPLES, WriteNotebook, notebook_json
from tests.notebooks import solution

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="session")
def sample_reports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Grade the sample class as the README says; return the folder of reports and the output."""
    out = tmp_path_factory.mktemp("reports")
    command = [sys.executable, "-m", "grader", "grade", "logistic_regression", "--out", str(out)]
    command += ["--gradebook", str(out / "gradebook.sqlite")]
    done = subprocess.run(command, cwd=COURSE, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return out, done.stdout


SCORES = {
    "amina": 100,
    "bruno": 100,
    "chiara": 75,
    "dmitri": 90,
    "elif": 78.66,
    "farid": 90,
    "grace": 84,
    "hana": 71,
    "ivan": 0,
    "jonas": 0,
}


def test_the_sample_class_is_graded(sample_reports: tuple[Path, str]) -> None:
    """Right ones, the documented mistakes, a loop, a syntax error, a blank one, a conflict."""
    out, printed = sample_reports
    content = json.loads((out / "results.json").read_text())
    scores = {s["student"]: int(100 * s["score"] + 1e-6) / 100 for s in content["submissions"]}
    assert scores == SCORES
    assert [s["student"] for s in content["submissions"] if s["status"] != "graded"] == ["jonas"]
    assert {path.stem for path in (out / "students").iterdir()} == set(SCORES)
    assert f"Wrote {out / 'index.html'}" in printed
    assert "10/10" in printed


def test_every_sample_is_explained(sample_reports: tuple[Path, str]) -> None:
    """Each mistake of the sample class comes with its cause, where it can be known."""
    out, _ = sample_reports
    content = json.loads((out / "results.json").read_text())
    causes = {
        s["student"]: {d["cause"] for q in s["questions"] for d in q["diagnoses"]}
        for s in content["submissions"]
    }
    assert causes == {
        "amina": set(),
        "bruno": set(),
        "chiara": {"activation_of_the_inputs_summed_over_axis_0"},
        "dmitri": {"first_training_image", "first_test_image", "print_cost_ignored"},
        "elif": {"integer_weights", "db_summed_over_axis_0", "probabilities"},
        "farid": set(),
        "grace": {"reshaped_without_transposing"},
        "hana": {"forgot_to_average"},
        "ivan": set(),
        "jonas": set(),
    }


def grade(*arguments: str | Path) -> int:
    """Run `grader grade logistic_regression` with more arguments."""
    return main(["grade", "logistic_regression", "--course", str(COURSE), *map(str, arguments)])


def test_exit_codes(tmp_path: Path, write_notebook: WriteNotebook, capsys: Capture) -> None:
    """0 whatever the scores, 1 under the bar, 2 where a path is wrong; the rest is graded."""
    good = write_notebook(*solution(), name="good")
    poor = write_notebook("x = 1", name="poor")
    out = ("--out", tmp_path / "out")
    assert grade(good, poor, *out) == 0
    assert grade(good, "--fail-under", "100", *out) == 0
    assert grade(good, poor, "--fail-under", "1", *out) == 1
    assert grade(tmp_path / "nowhere", good, *out) == 2
    captured = capsys.readouterr()
    assert f"grader: {tmp_path / 'nowhere'}: no such file or folder" in captured.err
    content = json.loads((tmp_path / "out" / "results.json").read_text())
    assert [s["score"] for s in content["submissions"]] == [100.0]


def test_an_unreadable_submission_is_a_result(tmp_path: Path, capsys: Capture) -> None:
    """Not an abort, and no traceback."""
    (tmp_path / "eve.ipynb").write_text("{")
    assert grade(tmp_path / "eve.ipynb", "--out", tmp_path / "out", "--format", "json") == 0
    (student,) = json.loads((tmp_path / "out" / "results.json").read_text())["submissions"]
    assert (student["status"], student["score"], student["max_score"]) == ("unreadable", 0, 100)
    assert not (tmp_path / "out" / "index.html").exists()
    assert "Traceback" not in capsys.readouterr().err


def test_a_download_of_a_platform_is_graded(tmp_path: Path, capsys: Capture) -> None:
    """From the archive, nobody is lost: not who handed in a PDF, nor whose file is damaged."""
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr("doejane_1_11_work.ipynb", notebook_json(*solution()))
        archive.writestr("moemay_2_12_report.pdf", "%PDF")
        archive.writestr("roelee_3_13_work.ipynb", "{")
    options = ("--out", tmp_path / "out", "--format", "json", "--layout")
    assert grade(tmp_path / "class.zip", *options, "auto") == 0
    students = json.loads((tmp_path / "out" / "results.json").read_text())["submissions"]
    assert [(s["student"], s["status"], s["score"]) for s in students] == [
        ("doejane (1)", "graded", 100),
        ("moemay (2)", "unreadable", 0),
        ("roelee (3)", "unreadable", 0),
    ]
    assert students[0]["path"] == f"{tmp_path}/class.zip/doejane_1_11_work.ipynb"
    assert students[1]["message"].endswith("found: report.pdf")
    assert grade(tmp_path / "class.zip", *options, "moodle") == 2
    assert "expected folders or files named <Full Name>" in capsys.readouterr().err


def test_a_name_that_is_no_utf_8_loses_nothing(tmp_path: Path) -> None:
    """As archives made elsewhere leave them behind."""
    folder = os.fsencode(tmp_path) + b"/class"
    os.mkdir(folder)  # noqa: PTH102 - a name in bytes
    for name in (b"Jos\xe9.ipynb", b"ann.ipynb"):
        with open(folder + b"/" + name, "w") as file:  # noqa: PTH123
            file.write(notebook_json("x = 1"))
    assert grade(tmp_path / "class", "--out", tmp_path / "out") == 0
    content = json.loads((tmp_path / "out" / "results.json").read_text())
    assert [s["student"] for s in content["submissions"]] == ["Jos\ufffd", "ann"]
    assert len(list((tmp_path / "out" / "students").iterdir())) == 2


def test_where_reports_cannot_be_written_nothing_is_run(tmp_path: Path, capsys: Capture) -> None:
    """The folder is tried before the work is done."""
    (tmp_path / "file").write_text("")
    assert grade("--out", tmp_path / "file" / "reports") == 2
    captured = capsys.readouterr()
    assert "reports cannot be written here" in captured.err
    assert captured.out == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["grade", "logistic_regresion"], "did you mean 'logistic_regression'?"),
        (["grade", "logistic_regression", "--course", "/"], "no course here or above"),
        (["grade", "logistic_regression", "/nowhere"], "/nowhere: no such file or folder"),
    ],
)
def test_what_is_wrong_is_one_line(arguments: list[str], message: str, capsys: Capture) -> None:
    """What, where, what was expected."""
    if "--course" not in arguments:
        arguments = [*arguments, "--course", str(COURSE)]
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "htlm"], "no format 'htlm'; did you mean 'html'?"),
        (["--format", ","], "expected some of: html, json"),
        (["--fail-under", "many"], "'many' is not a valid float range"),
        (["--fail-under", "101"], "101.0 is not in the range 0<=x<=100"),
        (["--layout", "modle"], "'modle' is not one of 'auto', 'folder', 'nbgrader'"),
        (["--jobs", "0"], "0 is not in the range x>=1"),
        (["--fromat", "html"], "--fromat"),
    ],
)
def test_options_are_checked(arguments: list[str], message: str, capsys: Capture) -> None:
    """Before anything is run."""
    assert grade(*arguments) == 2
    assert message in capsys.readouterr().err


def test_a_broken_assignment_is_one_line(tmp_path: Path, capsys: Capture) -> None:
    """File, line and reason; the course's traceback stays out of it."""
    course = tmp_path / "course"
    shutil.copytree(COURSE / "assignments", course / "assignments")
    shutil.copytree(COURSE / "reference", course / "reference")
    file = course / "assignments" / "logistic_regression" / "assignment.py"
    file.write_text(file.read_text() + "\n1 / 0\n")
    assert main(["grade", "logistic_regression", "--course", str(course)]) == 2
    line = file.read_text().count("\n")
    assert capsys.readouterr().err == (
        f"grader: {file}:{line}: ZeroDivisionError: division by zero\n"
    )


def without_a_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine look as one that allows no sandbox."""
    monkeypatch.setattr(command, "LocalPool", lambda workers: LocalPool(workers, "C"))


def test_without_a_sandbox_notebooks_are_refused(
    tmp_path: Path,
    write_notebook: WriteNotebook,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One line that says why, and what can be done; nothing is run and nothing written."""
    without_a_sandbox(monkeypatch)
    assert grade(write_notebook("x = 1"), "--out", tmp_path / "out") == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "grader doctor" in said
    assert "--unsafe" in said
    assert not list((tmp_path / "out").iterdir())


def test_unsafe_is_said_in_every_report(
    tmp_path: Path,
    write_notebook: WriteNotebook,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the terminal, in the page and in results.json."""
    without_a_sandbox(monkeypatch)
    assert grade(write_notebook("x = 1"), "--out", tmp_path / "out", "--unsafe") == 0
    assert "without a sandbox" in capsys.readouterr().err
    (page,) = (tmp_path / "out" / "students").iterdir()
    assert "without a sandbox" in page.read_text()
    assert "without a sandbox" in (tmp_path / "out" / "results.json").read_text()


def test_help_names_every_format(capsys: Capture) -> None:
    """And it does not import what grading needs."""
    assert main(["grade", "--help"]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in FORMATS)
    probe = (
        "import sys, grader.cli\n"
        "grader.cli.main(['grade', '--help'])\n"
        "print([name for name in ('nbclient', 'IPython', 'rich') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_samples_are_notebooks_of_the_current_format() -> None:
    """But for the one that shows a merge conflict."""
    for path in SAMPLES.glob("*.ipynb"):
        if path.stem != "jonas":
            assert json.loads(path.read_text())["nbformat"] == 4
