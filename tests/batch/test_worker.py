"""What goes to a worker with the task, and what it makes of it; real workers, real kernels."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from grader.batch.grade import Task, grade_submission
from grader.batch.pool import LocalPool
from grader.batch.work import (
    Done,
    Parcel,
    UnfitError,
    Work,
    WorkWanted,
    packed_key,
    unpacked_key,
    write_files,
)
from grader.batch.worker import describe, grade_parcel
from grader.cli import main
from grader.course import function_names
from grader.digests import digest_of
from grader.errors import DisturbedError
from grader.judging.expected import answer_key
from grader.submission import SubmissionFile
from tests.batch.classes import NAME, Small, small
from tests.conftest import COURSE, TaskFor, notebook_json
from tests.hostile.harness import CANARY, HONEST


@pytest.fixture
def work(pool: LocalPool, tmp_path: Path) -> Work:
    """Return the work of a run of the small course."""
    key = answer_key(small(tmp_path / "small").course, NAME, b"secret")
    return Work(packed_key(key), (), pool.submit(describe).result())


def parcel(*cells: str) -> Parcel:
    """Return a notebook as it is sent."""
    notebook = notebook_json(*cells).encode()
    return Parcel("ann", "class.zip/ann.ipynb", notebook, (), digest_of([("", notebook)]))


def test_the_work_is_sent_once(pool: LocalPool, work: Work) -> None:
    """A worker that has none asks for it, grades, and has it from then on."""
    alone = LocalPool(1)
    try:
        ask = partial(grade_parcel, work.digest, work.environment)
        assert alone.submit(ask, None, parcel(*HONEST)).result() == WorkWanted()
        for given in (work, None):
            done = alone.submit(ask, given, parcel(*HONEST)).result()
            assert isinstance(done, Done)
            assert (done.result.score, done.result.path) == (10, "class.zip/ann.ipynb")
    finally:
        alone.shutdown()


def test_a_worker_of_another_kind_grades_nothing(pool: LocalPool, work: Work) -> None:
    """Its results would be recorded as if they came of the versions of the others."""
    other = replace(work, environment=replace(work.environment, numpy="1.0", step="C"))
    ask = partial(grade_parcel, other.digest, other.environment, other)
    with pytest.raises(
        UnfitError, match=r"has NumPy .*, sandbox step .; the run was begun with others"
    ):
        pool.submit(ask, parcel(*HONEST)).result()


def test_the_digest_is_of_all_that_can_change_a_result(work: Work) -> None:
    """And of nothing else: the same key, packed anew, is the same work."""
    key = unpacked_key(work.key)
    assert replace(work, key=packed_key(key)).digest == work.digest
    reference = replace(work, course=(("reference/f.py", b"x = 1"),))
    remark = replace(work, course=(("reference/f.py", b"x = 1  # one"),))
    assert remark.digest == reference.digest
    others = [
        replace(work, key=packed_key(replace(key, assignment=replace(key.assignment, title="B")))),
        replace(work, support=(("dnn_utils.py", b""),)),
        replace(work, support=(("dnn_utils.py", b"x = 1"),)),
        reference,
        replace(work, course=(("reference/f.py", b"x = 2"),)),
        replace(work, course=(("reference/f.csv", b"x = 1"),)),
        replace(work, environment=replace(work.environment, numpy="1.0")),
        replace(work, environment=replace(work.environment, code="0")),
        replace(work, environment=replace(work.environment, step="C")),
    ]
    assert len({work.digest, *(other.digest for other in others)}) == 1 + len(others)


def test_names_and_contents_cannot_be_shifted() -> None:
    """What ends one file does not begin the next."""
    files = [[("ab", b"c")], [("a", b"bc")], [("a", b""), ("b", b"c")], [("", b"abc")], []]
    assert len({digest_of(each) for each in files}) == len(files)


# ---------------------------------------------------------------- what is handed in beside it


@pytest.mark.usefixtures("shared_workers")
def test_what_was_handed_in_beside_the_notebook_is_there(tmp_path: Path) -> None:
    """From a download: a module and a data file; a change of either is another submission."""
    course = small(tmp_path)
    cells = (
        "from mine import factor\nnumbers = open('data/numbers.txt').read().split()",
        "def double(x):\n    return factor * x",
        "def total(x):\n    return float(x.sum()) + float(numbers[0])",
        CANARY,
    )
    assert grade_download(course, "factor = 2.0", "0 1", cells) == [10]
    assert grade_download(course, "factor = 2.0", "1 1", cells) == [6]
    assert grade_download(course, "factor = 3.0", "0 1", cells) == [6]
    assert course.gradings() == {"Ada Lovelace (12)": 3}


def grade_download(course: Small, module: str, data: str, cells: tuple[str, ...]) -> list[float]:
    """Grade a download of one submission with a module and a data file; return the scores."""
    folder = "Ada Lovelace_12_assignsubmission_file_"
    with zipfile.ZipFile(course.folder / "class.zip", "w") as archive:
        archive.writestr(f"{folder}/work.ipynb", notebook_json(*cells))
        archive.writestr(f"{folder}/mine.py", module)
        archive.writestr(f"{folder}/data/numbers.txt", data)
    options = ["--course", str(course.course), "--gradebook", course.book]
    options += ["--out", str(course.out), "--format", "json"]
    assert main(["grade", NAME, str(course.folder / "class.zip"), *options]) == 0
    content = json.loads((course.out / "results.json").read_text())
    return [submission["score"] for submission in content["submissions"]]


def with_files(*files: tuple[str, bytes]) -> Parcel:
    """Return a notebook that says what it finds beside it, in its function's answers."""
    cells = (
        "import os\nfrom public import number",
        "def double(x):\n    return number * x",
        "def total(x):\n    return sorted(os.listdir())",
    )
    return replace(parcel(*cells), files=files)


def test_no_file_of_a_student_s_leaves_its_folder_or_stands_for_a_module(
    pool: LocalPool, work: Work
) -> None:
    """Names that cannot be written are told, and cost nothing but themselves."""
    course = replace(work, support=(("public.py", b"number = 2.0"),))
    ask = partial(grade_parcel, course.digest, course.environment, course)
    odd = (
        ("../notebook.ipynb", b"{}"),
        ("/tmp/absolute", b"x"),  # noqa: S108 - what is tried
        ("a" * 300, b"x"),
        ("data", b"x"),
        ("data/x.csv", b"x"),
        ("fine.csv", b"x"),
        ("nul\0", b"x"),
        ("public/__init__.py", b"number = 3.0"),
        ("public.py/x", b"x"),
    )
    done = pool.submit(ask, with_files(*odd)).result()
    assert isinstance(done, Done)
    assert done.result.questions[0].status == "passed"
    (listed,) = {output.message for output in done.result.questions[1].outputs}
    assert done.result.status == "graded"
    notes = [note.message for note in done.result.notes]
    assert sum("could not all be laid there: `../notebook.ipynb`" in note for note in notes) == 1
    assert not Path("/tmp/absolute").exists()  # noqa: S108
    assert "list" in listed


def test_a_module_handed_in_beside_the_notebook_is_own_work(pool: LocalPool, work: Work) -> None:
    """All points for what it defines, but for one that goes by the name of the assignment's."""
    course = replace(work, support=(("public.py", b"from mine import double as twice"),))
    own = b"def double(x):\n    return 2.0 * x\ndef total(x):\n    return x.sum()\n"
    files = (("mine.py", own), ("public.py", own))
    cells = ("from mine import double", "from public import total")
    handed_in = replace(parcel(*cells), files=files)
    done = pool.submit(grade_parcel, course.digest, course.environment, course, handed_in).result()
    assert isinstance(done, Done)
    assert [each.status for each in done.result.questions[:2]] == ["passed", "missing"]
    assert "imports `total` but does not define it" in done.result.questions[1].message


@pytest.mark.parametrize("own", ["datasets/mine.txt", "datasets"])
def test_a_student_s_data_lie_beside_those_of_the_assignment(
    pool: LocalPool, work: Work, own: str
) -> None:
    """In a folder of one name; of two files of one name, the assignment's stands."""
    course = replace(work, support=(("datasets/given.txt", b"2"),))
    ask = partial(grade_parcel, course.digest, course.environment, course)
    cells = (
        "import os\nfactor = float(open('datasets/given.txt').read())",
        "found = float(os.path.exists('datasets/mine.txt'))",
        "def double(x):\n    return factor * x",
        "def total(x):\n    return x.sum() if found else 'no more'",
    )
    files = ((own, b"3"), ("datasets/given.txt", b"3"))
    done = pool.submit(ask, replace(parcel(*cells), files=files)).result()
    assert isinstance(done, Done)
    double, total, _ = done.result.questions
    assert (double.status, total.status == "passed") == ("passed", own.endswith("mine.txt")), total


# ---------------------------------------------------------------- another assignment's


@pytest.mark.parametrize("graded", ["logistic_regression", "deep_network", "numpy_basics"])
def test_a_notebook_of_another_assignment_is_told(task_for: TaskFor, graded: str) -> None:
    """By the functions it defines, many of which go by the same names everywhere."""
    names = function_names(COURSE)
    others = {name: frozenset(theirs) for name, theirs in names.items() if name != graded}
    task = replace(task_for(graded), others=others)
    for name in ("logistic_regression", "deep_network", "numpy_basics"):
        said = told(task, right_sample(name))
        if name == graded:
            assert said == []
        else:
            assert len(said) == 1
            assert f"of the {len(names[name])} functions of `{name}` it defines" in said[0]


def right_sample(name: str) -> Path:
    """Return a sample notebook that is right."""
    return min((COURSE / "assignments" / name / "samples").glob("*.ipynb"))


def told(task: Task, path: Path) -> list[str]:
    """Return what is said of a notebook as a whole."""
    notes = grade_submission(task, SubmissionFile("ann", path)).notes
    return [note.message for note in notes if note.level == "error" and note.cell is None]


def test_the_names_of_graded_functions_are_read_without_running_anything(tmp_path: Path) -> None:
    """From each assignment's source; one that cannot be read does not keep others from work."""
    course = small(tmp_path).course
    other = course / "assignments" / "broken" / "assignment.py"
    other.parent.mkdir()
    other.write_text("def f(:\n")
    assert function_names(course) == {NAME: ("double", "total")}
    assert set(function_names(COURSE)["logistic_regression"]) >= {"propagate", "predict"}
    assert "m_train" not in function_names(COURSE)["logistic_regression"]


def test_a_full_disk_is_no_fault_of_a_name(tmp_path: Path) -> None:
    """What could not be written is not left out."""
    (tmp_path / "full.csv").symlink_to("/dev/full")
    files = ("full.csv", b"1, 2"), ("n" * 300, b""), ("a.csv", b"1")
    assert write_files(files[1:], tmp_path) == ["n" * 300]
    with pytest.raises(DisturbedError, match="cannot be written here: No space left on device"):
        write_files(files, tmp_path)
