"""Who is who in folders: a name depends on the student's own path alone, and nobody is lost."""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.layouts import Found, find_submissions
from grader.submission import Submission
from tests.layouts.trees import NOTEBOOK, Tree, Write, folder_of, notebooks, zip_of

BOTH = pytest.mark.parametrize("write", [folder_of, zip_of])
WAYS = {
    "ann": (
        "ann.ipynb",
        "ann/hw.ipynb",
        "ann/src/hw.ipynb",
        "ann/Untitled.ipynb",
        "ann/deep/x/a.ipynb",
    ),
    "bob": ("bob.ipynb", "bob/hw.ipynb", "bob/hw-Copy1.ipynb", "bob/ann.ipynb", "bob/ann/hw.ipynb"),
    "Zoë": ("Zoë.ipynb", "Zoë/hw.ipynb", "Zoe\u0308/hw.ipynb", "Zoe\u0308.ipynb"),
    "hw": ("hw.ipynb",),
    "v1.2": ("v1.2.ipynb", "v1.2/hw.ipynb"),
    "ann b": ("ann b.ipynb", "ann b/hw.ipynb", "ann b/ann b.ipynb"),
    "Ann": ("Ann.ipynb", "Ann/hw.ipynb"),
}
ZIPPED = "PK\x05\x06" + "\0" * 18


def students(found: Found) -> dict[str, Submission]:
    """Return the submissions by student; nobody stands there twice."""
    assert len({each.student for each in found.submissions}) == len(found.submissions)
    return {each.student: each for each in found.submissions}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(paths=st.lists(st.sampled_from([p for own in WAYS.values() for p in own]), unique=True))
@BOTH
def test_a_name_depends_on_the_students_own_path(
    tmp_path_factory: pytest.TempPathFactory, write: Write, paths: Sequence[str]
) -> None:
    """Whatever others have handed in, and however many notebooks of one student there are."""
    path = write(tmp_path_factory.mktemp("t") / "class", notebooks(*paths, "other.ipynb"))
    owners = {p: student for student, own in WAYS.items() for p in own}
    if any(p.startswith("Zoë") for p in paths):  # beside whom somebody is written differently
        owners |= {p: "Zoë ('Zoe\\u0308')" for p in WAYS["Zoë"] if p.startswith("Zoe\u0308")}
    found = find_submissions([path], "hw")
    assert set(students(found)) == {*(owners[p] for p in paths), "other"}
    assert not found.errors


@BOTH
@pytest.mark.parametrize(
    ("tree", "counts"),
    [
        (("bob/hw.ipynb", "bob/hw-Copy1.ipynb"), "hw.ipynb"),
        (("bob/HW.ipynb", "bob/a.ipynb", "bob/b.ipynb"), "HW.ipynb"),
        (("bob/hw.ipynb", "bob/.ipynb_checkpoints/hw-checkpoint.ipynb"), "hw.ipynb"),
        (("bob/final.ipynb", "bob/.ipynb_checkpoints/hw.ipynb"), "final.ipynb"),
        (("bob/src/hw.ipynb", "bob/Untitled.ipynb"), "src/hw.ipynb"),
        (("bob.ipynb", "bob/hw.ipynb"), "hw.ipynb"),
        (("bob/a.ipynb", "bob/b.ipynb"), ""),
        (("bob/hw.ipynb", "bob/old/hw.ipynb"), ""),
        (("bob.ipynb", "bob/work.ipynb"), ""),
        (("bob/hw-Copy1.ipynb", "bob/hw-Copy2.ipynb"), ""),
        (("bob/hw (1).ipynb", "bob/hw(2).ipynb"), ""),
    ],
)
def test_two_notebooks_are_one_student(
    tmp_path: Path, write: Write, tree: tuple[str, ...], counts: str
) -> None:
    """The assignment's own name counts; else a reason names all of them and says what to do."""
    path = write(tmp_path / "class", notebooks(*tree, "ann/hw.ipynb"))
    found = students(find_submissions([path], "hw"))
    assert set(found) == {"ann", "bob"}
    bob = found["bob"]
    assert (bob.notebook.name if bob.notebook else "") == counts
    if not counts:
        assert "2 notebooks were handed in" in bob.problem
        assert all(name.rpartition("/")[2] in bob.problem for name in tree)
        assert "named hw.ipynb" in bob.problem


@pytest.mark.parametrize("names", [("zoe.ipynb", "ann.ipynb"), ("zoe/hw.ipynb", "ann/hw.ipynb")])
def test_a_group_is_told_to_be_given_itself(tmp_path: Path, names: tuple[str, ...]) -> None:
    """A folder of students is one student, with what to do."""
    folder = folder_of(tmp_path, notebooks(*(f"section1/{name}" for name in names), "bob.ipynb"))
    found = students(find_submissions([folder], "hw"))
    assert set(found) == {"bob", "section1"}
    assert found["section1"].problem.endswith(
        f"; if {folder}/section1 holds several students' notebooks, give that folder itself"
    )
    assert set(students(find_submissions([folder / "section1"], "hw"))) == {"ann", "zoe"}


def test_notebooks_of_one_name_that_are_given_apart(tmp_path: Path) -> None:
    """As by a shell's pattern: nobody is guessed, and the reason says what to give."""
    folder = folder_of(tmp_path, notebooks("ann/hw.ipynb", "bob/hw.ipynb"))
    paths = [folder / "ann" / "hw.ipynb", folder / "bob" / "hw.ipynb"]
    (hw,) = find_submissions(paths, "hw").submissions
    assert (hw.student, hw.notebook) == ("hw", None)
    assert f"{paths[0]}, {paths[1]}" in hw.problem
    assert hw.problem.endswith(
        "; give the folder that holds the students' folders instead of paths in them"
    )
    assert set(students(find_submissions([folder], "hw"))) == {"ann", "bob"}


@pytest.mark.parametrize("given", ["ann", "ann/hw.ipynb"])
def test_a_students_own_folder_that_is_given_is_told(tmp_path: Path, given: str) -> None:
    """What is in it is named after the assignment then, which is nobody's name."""
    folder = folder_of(tmp_path, notebooks("ann/hw.ipynb", "bob.ipynb"))
    (hw,) = find_submissions([folder / given], "hw").submissions
    assert hw.student == "hw"
    assert hw.warning == (
        "its student is named hw, as the assignment is; give the folder that holds the students' "
        "folders instead of paths in them"
    )
    assert [s.warning for s in find_submissions([folder], "hw").submissions] == ["", ""]


def test_one_student_below_several_paths(tmp_path: Path) -> None:
    """Two weeks of one class: the assignment's notebook counts, the others do not rename it."""
    first = folder_of(tmp_path / "week1", notebooks("ann/draft.ipynb", "bob/a.ipynb"))
    second = folder_of(tmp_path / "week2", notebooks("ann/hw.ipynb", "bob/b.ipynb"))
    found = students(find_submissions([first, second], "hw"))
    assert set(found) == {"ann", "bob"}
    assert found["ann"].path == f"{second}/ann/hw.ipynb"
    assert "instead of paths in them" in found["bob"].problem


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (("ann /a.ipynb", "ann/hw.ipynb"), {"ann", "ann ('ann ')"}),
        ((" ann.ipynb", "ann.ipynb"), {"ann", "ann (' ann')"}),
        (
            ("ann\a/hw.ipynb", "ann\b/hw.ipynb"),
            {"ann\ufffd ('ann\\x07')", "ann\ufffd ('ann\\x08')"},
        ),
        (("Å/hw.ipynb", "A\u030a/hw.ipynb"), {"Å", "Å ('A\\u030a')"}),
        (
            ("ann.ipynb", " ann.ipynb", "ann (' ann').ipynb"),
            {"ann", "ann (' ann')", "ann (' ann')'"},
        ),
        (("\u212b.ipynb", "A\u030a.ipynb"), {"Å", "Å ('\\u212b')"}),
    ],
)
def test_names_that_come_out_alike_are_not_merged(
    tmp_path: Path, tree: tuple[str, ...], expected: set[str]
) -> None:
    """Each is graded; those who do not have the very name show how theirs is written, and why."""
    path = folder_of(tmp_path, notebooks(*tree))
    found = students(find_submissions([path], "hw"))
    assert set(found) == expected
    assert all(each.notebook for each in found.values())
    own = {name.partition("/")[0].removesuffix(".ipynb") for name in tree}
    warned = {name for name, each in found.items() if "the name is written" in each.warning}
    assert warned == {name for name in found if name.endswith("'") or "('" in name} - own


@pytest.mark.parametrize("name", ["Å", "adá"])
def test_one_person_of_two_systems(tmp_path: Path, name: str) -> None:
    """At two paths, the letters of a name may be put together differently."""
    first = folder_of(tmp_path / "1", notebooks(f"{name}/hw.ipynb"))
    second = zip_of(tmp_path / "2", notebooks(f"{unicodedata.normalize('NFD', name)}/draft.ipynb"))
    found = students(find_submissions([first, second], "hw"))
    assert {who: each.path for who, each in found.items()} == {name: f"{first}/{name}/hw.ipynb"}


# ---------------------------------------------------------------- nobody changes another's result

HONEST = ("adá", "zoe", "Ann", "ann", "李 明", "Şule", "o'neil", "عمر", "v1.2")
RELATIVES = (
    "ada\u0301",  # taken apart
    "ADÁ",
    "Zoe",
    "zoe ",
    " zoe",
    "zoe\t",
    "zoe\x07",
    "zoe\u200b",
    "zoe\ufeff",
    "zoe\xa0",
    "z\u043ee",  # a Cyrillic letter
    "\uff5a\uff4f\uff45",
    "\u202ezoe",
    "zoe\ufe0f",
    "zoe🙂",
    "S\u0327ule",
    "عمر\u200f",
    "ann.",
    "section",
    "v1",
)
SHAPES = (
    "{}.ipynb",
    "{}/hw.ipynb",
    "{}/deep/zoe.ipynb",
    "{}/zoe/hw.ipynb",
    "{}/a.ipynb",
    "{}.py",
    "{}/adá/hw.ipynb",
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    honest=st.dictionaries(st.sampled_from(HONEST), st.sampled_from(SHAPES), min_size=1),
    others=st.dictionaries(st.sampled_from(RELATIVES), st.sampled_from(SHAPES), min_size=1),
)
@BOTH
def test_nobody_changes_the_name_or_the_result_of_another(
    tmp_path_factory: pytest.TempPathFactory,
    write: Write,
    honest: dict[str, str],
    others: dict[str, str],
) -> None:
    """Whoever comes in beside a class, and whatever their names look like; nobody is lost."""
    tree = {"other.ipynb": NOTEBOOK} | {
        shape.format(name): NOTEBOOK + name.encode() for name, shape in honest.items()
    }
    more = {shape.format(name): NOTEBOOK + b" " for name, shape in others.items()}
    alone, among = (
        {
            who: (each.path.partition("class")[2], each.problem.partition("class")[2], each.warning)
            for who, each in students(find_submissions([path], "hw")).items()
        }
        for path in (
            write(tmp_path_factory.mktemp("t") / "class", tree),
            write(tmp_path_factory.mktemp("t") / "class", tree | more),
        )
    )
    assert set(alone) == {*honest, "other"}
    assert {who: among[who] for who in alone} == alone
    assert len(among) == len(alone) + len(others)


# ---------------------------------------------------------------- every hand-in is a result


@BOTH
@pytest.mark.parametrize(
    ("name", "content", "student", "said"),
    [
        ("cy/hw.ipynb.txt", NOTEBOOK, "cy", "found: hw.ipynb.txt"),
        ("cy/hw.py", b"x = 1", "cy", "found: hw.py"),
        ("cy/work.rar", b"Rar!", "cy", "found: work.rar"),
        ("cy/report.pdf", b"%PDF", "cy", "found: report.pdf"),
        ("cy/data.csv", b"1", "cy", "found: data.csv"),
        ("cy/src/deep/x.txt", b"1", "cy", "found: src/deep/x.txt"),
        ("cy/work.zip", b"PK damaged", "cy", "the zip archive is damaged"),
        ("cy/empty/", b"", "cy", "found: nothing"),
        ("cy/", b"", "cy", "found: nothing"),
        ("cy.ipynb.txt", NOTEBOOK, "cy", "found: cy.ipynb.txt"),
        ("cy.ipynb.json", NOTEBOOK, "cy", "found: cy.ipynb.json"),
        ("cy.IPYNB (1)", NOTEBOOK, "cy", "found: cy.IPYNB (1)"),
        ("cy.py", b"x = 1", "cy", "found: cy.py"),
        ("cy.rar", b"Rar!", "cy", "found: cy.rar"),
        ("cy.tar.gz", b"\x1f\x8b", "cy", "found: cy.tar.gz"),
        ("cy.7z", b"7z", "cy", "found: cy.7z"),
        ("cy.zip", b"PK damaged", "cy", "the zip archive is damaged"),
        ("cy.zip", ZIPPED.encode(), "cy", "found: nothing"),
    ],
)
def test_a_hand_in_without_a_notebook_is_a_student(
    tmp_path: Path, write: Write, name: str, content: bytes, student: str, said: str
) -> None:
    """With the reason, and what was found."""
    path = write(tmp_path / "class", {**notebooks("ann/hw.ipynb"), name: content})
    result = find_submissions([path], "hw")
    found = students(result)
    assert set(found) == {"ann", student}
    assert found[student].notebook is None
    assert said in found[student].problem
    assert not result.errors


@BOTH
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("README.md", True),
        ("grades.csv", True),
        ("data.npz", True),
        ("sheet.pdf", True),
        ("notes.txt", True),
        ("LICENSE", True),
        (".DS_Store", False),
        ("Thumbs.db", False),
        ("desktop.ini", False),
        ("__MACOSX/ann/._hw.ipynb", False),
        (".ipynb_checkpoints/ann-checkpoint.ipynb", False),
        (".venv/x.ipynb", False),
        ("__pycache__/x.pyc", False),
    ],
)
def test_what_is_nobodys_is_no_student(
    tmp_path: Path,
    write: Write,
    name: str,
    told: bool,  # noqa: FBT001 - a table
) -> None:
    """It goes to nobody; one line names what an instructor may have meant for students."""
    path = write(tmp_path / "class", {**notebooks("ann.ipynb", "bob/hw.ipynb"), name: b"1"})
    found = find_submissions([path], "hw")
    assert {who: len(each.files) for who, each in students(found).items()} == {"ann": 0, "bob": 0}
    assert not found.errors
    assert [note.startswith(f"{path}: {name}: nobody's") for note in found.notes] == [True] * told


@pytest.mark.parametrize(
    ("name", "tree", "said"),
    [
        ("README.md", {"README.md": b"# hello"}, "not a notebook (*.ipynb), nor a folder or a zip"),
        ("hw.py", {"hw.py": b"x = 1"}, "not a notebook"),
        ("hw.ipynb.txt", {"hw.ipynb.txt": NOTEBOOK}, "not a notebook"),
        ("ann.rar", {"ann.rar": b"Rar!"}, "not a notebook"),
        ("grades.csv", {"grades.csv": b"1"}, "not a notebook"),
        ("nowhere", {}, "no such file or folder"),
        ("ann.ipynb", {}, "no such file or folder"),
        ("empty", {"empty/": b""}, "no notebooks (*.ipynb) in this folder or below"),
        ("full", {"full/README.md": b"", "full/x/data.csv": b""}, "no notebooks"),
        ("code", {"code/a.py": b"", "code/b/c.py": b""}, "no notebooks"),
        ("hidden", {"hidden/.ipynb_checkpoints/x.ipynb": NOTEBOOK}, "no notebooks"),
        ("ann.zip", {"ann.zip": b"PK damaged"}, "the zip archive is damaged"),
        ("ann.zip", {"ann.zip": ZIPPED.encode()}, "no notebooks (*.ipynb) in this archive"),
    ],
)
def test_a_path_that_is_no_hand_in_is_an_error(
    tmp_path: Path, name: str, tree: Tree, said: str
) -> None:
    """One line, and nobody is invented; what is good beside it is found."""
    folder_of(tmp_path, tree)
    good = folder_of(tmp_path / "good", notebooks("eve.ipynb"))
    for layout in ("auto", "folder"):
        found = find_submissions([tmp_path / name, good], "hw", layout)
        (error,) = map(str, found.errors)
        assert error.startswith(f"{tmp_path / name}: ")
        assert said in error
        assert "\n" not in error
        assert set(students(found)) == {"eve"}


# ---------------------------------------------------------------- what is taken along


@BOTH
def test_a_students_folder_is_taken_along(tmp_path: Path, write: Write) -> None:
    """All of it, named as the notebook sees it; nothing of others, nothing that is nobody's."""
    tree = {
        **notebooks("ann/src/hw.ipynb", "bob/hw.ipynb", "cy.ipynb"),
        "ann/src/my_utils.py": b"1",
        "ann/data/x.csv": b"2",
        "bob/data/x.csv": b"3",
        "shared.csv": b"4",
    }
    found = students(find_submissions([write(tmp_path / "class", tree)], "hw"))
    files = {who: {e.name: e.read() for e in each.files} for who, each in found.items()}
    assert files == {
        "ann": {"my_utils.py": b"1", "data/x.csv": b"2"},
        "bob": {"data/x.csv": b"3"},
        "cy": {},
    }


def test_a_students_archive_is_taken_along(tmp_path: Path) -> None:
    """Directly below the path or in the student's folder."""
    folder = folder_of(tmp_path / "class", {"bob/x.csv": b"1"})
    own = {**notebooks("work/nb.ipynb"), "work/x.csv": b"2"}
    zip_of(folder / "ann", own)
    zip_of(folder / "bob" / "hw", own)
    found = students(find_submissions([folder], "hw"))
    assert {who: [e.name for e in each.files] for who, each in found.items()} == {
        "ann": ["x.csv"],
        "bob": ["x.csv"],
    }
    assert {each.path for each in found.values()} == {
        f"{folder}/ann.zip/work/nb.ipynb",
        f"{folder}/bob/hw.zip/work/nb.ipynb",
    }


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (("hw.ipynb", "x.csv"), {"ann": 1}),
        (("ann/hw.ipynb", "ann/x.csv"), {"ann": 1}),
        (("ann/hw.ipynb", "ann/src/x.csv"), {"ann": 1}),
        (("zoe.ipynb", "x.csv"), {"zoe": 0}),
        (("hw.ipynb", "zoe.ipynb"), {"hw": 0, "zoe": 0}),
        (("ann/zoe.ipynb", "ann/bob/hw.ipynb"), {"zoe": 0, "bob": 0}),
        (("bob/hw.ipynb", "bob/x.csv"), {"bob": 1}),
    ],
)
def test_an_archive_that_is_given(
    tmp_path: Path, tree: tuple[str, ...], expected: dict[str, int]
) -> None:
    """A student's own, if it holds the assignment's notebook alone; else a class."""
    path = zip_of(tmp_path / "ann", {name: NOTEBOOK + name.encode() for name in tree})
    found = students(find_submissions([path], "hw"))
    assert {who: len(each.files) for who, each in found.items()} == expected
    assert all(each.notebook for each in found.values())


def test_a_folder_named_like_the_one_below_it_is_a_student(tmp_path: Path) -> None:
    """Only an archive is packed with a folder of its own name."""
    folder = folder_of(tmp_path / "ann", notebooks("ann/hw.ipynb", "bob/hw.ipynb"))
    assert set(students(find_submissions([folder], "hw"))) == {"ann", "bob"}
