"""What each platform hands out, as a folder and as an archive, in several scripts."""

import unicodedata
from pathlib import Path

import pytest

from grader.layouts import LAYOUTS, find_submissions
from grader.layouts.finding import FOLDER, PLATFORMS
from grader.submission import Submission
from tests.layouts.trees import NOTEBOOK, Tree, Write, folder_of, notebooks, zip_of

BOTH = pytest.mark.parametrize("write", [folder_of, zip_of])

ANGSTROM = unicodedata.normalize("NFD", "Åsa Öberg")  # letters with combining accents

METADATA = """---
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: '123'
    :email: ada@x.org
  :created_at: 2026-04-26 17:34:00.861687000 Z
  :score: 2.0
  :results:
    tests: []
    output: |-
      a line of a test's output

        :submitters: not these
submission_12:
  :submitters:
  - :name: Ἀριστοτέλης
    :sid: 77
  - :name: 李雷
    :email: li@x.org
  :created_at: 2026-04-26 10:34:00.5 -07:00
submission_13:
  :submitters: []
submission_14:
  :submitters:
  - :name: Nobody Home
    :email: home@x.org
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-04-26 17:34:00 Z
"""
GRADESCOPE = {
    "assignment_7_export/submission_metadata.yml": METADATA.encode(),
    **notebooks(
        "assignment_7_export/submission_11/hw.ipynb",
        "assignment_7_export/submission_12/group/hw.ipynb",
        "assignment_7_export/submission_13/hw.ipynb",
    ),
    "assignment_7_export/submission_11/data/x.csv": b"1,2",
}


def students(path: Path, layout: str, assignment: str = "hw1") -> dict[str, Submission]:
    """Find the submissions at a path, which has to be recognised without complaint."""
    found = find_submissions([path], assignment)
    assert not found.errors
    assert found.layouts == (layout,)
    assert find_submissions([path], assignment, layout) == found
    names = [submission.student for submission in found.submissions]
    assert names == sorted(names)
    return {submission.student: submission for submission in found.submissions}


def read(submission: Submission) -> bytes:
    """Return the notebook of a submission that has one."""
    assert submission.notebook, submission.problem
    return submission.notebook.read()


def test_the_names_are_those_of_the_layouts() -> None:
    """The command line names them without importing them."""
    assert tuple(layout.name for layout in (FOLDER, *PLATFORMS)) == LAYOUTS


@BOTH
def test_canvas(tmp_path: Path, write: Write) -> None:
    """Name, whether late, user, file; the file's own number changes with each attempt."""
    tree: Tree = {
        **notebooks(
            "doejane_12345_678_my_work.ipynb",
            "παπαδόπουλος_LATE_9_680_hw1.ipynb",
            "王小明_10_681_hw1.ipynb",
            "محمدعلي_11_682_hw1.ipynb",
            "anon_aB3xY_683_hw1.ipynb",
            "LATE_anon_Zz9_684_hw1.ipynb",
            "o_brien2nd_14_685_3_4_hw.ipynb",
        ),
        "doejane_12345_679_data.csv": b"1,2",
        "roelee_15_text.html": b"<p>see my repository</p>",
        "moemay_16_686_report.pdf": b"%PDF",
    }
    found = students(write(tmp_path / "class", tree), "canvas")
    assert set(found) == {
        "doejane (12345)",
        "παπαδόπουλος (9)",
        "王小明 (10)",
        "محمدعلي (11)",
        "anon_aB3xY",
        "anon_Zz9",
        "o_brien2nd (14)",
        "roelee (15)",
        "moemay (16)",
    }
    jane = found["doejane (12345)"]
    assert read(jane) == tree["doejane_12345_678_my_work.ipynb"]
    assert [(entry.name, entry.read()) for entry in jane.files] == [("data.csv", b"1,2")]
    assert jane.path.endswith("/doejane_12345_678_my_work.ipynb")
    assert found["moemay (16)"].problem == (
        "no notebook (*.ipynb) was handed in; found: report.pdf"
    )
    assert found["roelee (15)"].problem.endswith("found: text.html")


@BOTH
@pytest.mark.parametrize("ending", ["_", ""])
def test_moodle_in_folders(tmp_path: Path, write: Write, ending: str) -> None:
    """Older versions end the folder's name in an underscore, newer ones do not."""
    kind = f"_assignsubmission_file{ending}"
    tree: Tree = {
        **notebooks(
            f"Ada Lovelace_1{kind}/work/nb.ipynb",
            f"Γιώργος Σεφέρης_2{kind}/nb.ipynb",
            f"{ANGSTROM}_3{kind}/nb.ipynb",
            f"Participant_4{kind}/nb.ipynb",
            f"Default group{kind}/nb.ipynb",
        ),
        f"Ada Lovelace_1{kind}/work/data/x.csv": b"1",
        f"Ada Lovelace_1{kind}/.ipynb_checkpoints/nb-checkpoint.ipynb": NOTEBOOK,
        f"Ada Lovelace_1_assignsubmission_onlinetext{ending}/onlinetext.html": b"<p>",
        f"Lee_5_assignsubmission_onlinetext{ending}/onlinetext.html": b"<p>",
        f"Late Comer_6{kind}/": b"",
    }
    found = students(write(tmp_path / "class", tree), "moodle")
    assert set(found) == {
        "Ada Lovelace (1)",
        "Γιώργος Σεφέρης (2)",
        "Åsa Öberg (3)",
        "Participant (4)",
        "Default group",
        "Lee (5)",
        "Late Comer (6)",
    }
    ada = found["Ada Lovelace (1)"]
    assert ada.notebook
    assert ada.notebook.name == "work/nb.ipynb"
    assert {entry.name for entry in ada.files} == {"data/x.csv", "onlinetext.html"}
    assert ada.path.endswith(f"Ada Lovelace_1{kind}/work/nb.ipynb")
    assert "found: onlinetext.html" in found["Lee (5)"].problem
    assert found["Late Comer (6)"].problem.endswith("found: nothing")


@BOTH
def test_moodle_without_folders(tmp_path: Path, write: Write) -> None:
    """What else would be the folder's name is what the file's begins with."""
    tree: Tree = {
        **notebooks(
            "Ada Lovelace_1_assignsubmission_file_my_nb.ipynb",
            "محمد علي_2_assignsubmission_file_nb.ipynb",
        ),
        "Ada Lovelace_1_assignsubmission_file_x.csv": b"1",
    }
    found = students(write(tmp_path / "class", tree), "moodle")
    assert set(found) == {"Ada Lovelace (1)", "محمد علي (2)"}
    ada = found["Ada Lovelace (1)"]
    assert read(ada) == tree["Ada Lovelace_1_assignsubmission_file_my_nb.ipynb"]
    assert [entry.name for entry in ada.files] == ["x.csv"]


def test_single_hand_ins_of_a_download_may_be_named(tmp_path: Path) -> None:
    """As a shell writes them out: the students are the same as in the whole."""
    moodle = folder_of(
        tmp_path / "moodle",
        notebooks("Ada_1_assignsubmission_file/a.ipynb", "Bo_2_assignsubmission_file/b.ipynb"),
    )
    canvas = folder_of(
        tmp_path / "canvas",
        {**notebooks("ada_1_2_hw.ipynb", "bo_3_4_hw.ipynb"), "ada_1_9_x.csv": b"1"},
    )
    for folder, name in (moodle, "moodle"), (canvas, "canvas"):
        whole = find_submissions([folder], "hw1").submissions
        parts = find_submissions(sorted(folder.iterdir()), "hw1")
        assert (parts.errors, parts.layouts) == ((), (name,))
        assert [s.student for s in parts.submissions] == [s.student for s in whole]
        assert [s.path for s in parts.submissions] == [s.path for s in whole]
        assert [len(s.files) for s in parts.submissions] == [len(s.files) for s in whole]


@pytest.mark.parametrize(
    ("folder", "student"),
    [
        ("Ada_1_assignsubmission_file_", "Ada (1)"),
        ("submitted/ada/hw1", "ada"),
        ("hw1-submissions/hw1-ada", "ada"),
        ("assignment_7_export/submission_5", "submission_5"),
    ],
)
def test_an_empty_folder_of_a_student_is_a_submission(
    tmp_path: Path, folder: str, student: str
) -> None:
    """Also where it is named by itself."""
    (tmp_path / folder).mkdir(parents=True)
    found = find_submissions([tmp_path / folder], "hw1")
    (submission,) = found.submissions
    assert (submission.student, found.errors) == (student, ())
    assert submission.problem == "no notebook (*.ipynb) was handed in; found: nothing"
    assert submission.path == str(tmp_path / folder)


COURSE: Tree = {
    **notebooks(
        "submitted/ann/hw1/nb.ipynb",
        "submitted/李雷/hw1/nb.ipynb",
        "submitted/ann/hw2/nb.ipynb",
        "source/hw1/nb.ipynb",
        "autograded/ann/hw1/nb.ipynb",
    ),
    "submitted/ann/hw1/timestamp.txt": b"2015-02-02 15:58:23.948203 UTC",
    "submitted/ann/hw1/submission_secret.txt": b"0123",
    "submitted/ann/hw1/x.csv": b"1",
    "submitted/bob/hw1/": b"",
    "gradebook.db": b"",
}


@BOTH
@pytest.mark.parametrize("top", ["", "submitted"])
def test_nbgrader(tmp_path: Path, write: Write, top: str) -> None:
    """The assignment's own folders of the course; when it was handed in, as the file says."""
    tree = {
        name.removeprefix(f"{top}/"): content
        for name, content in COURSE.items()
        if name.startswith(top)
    }
    found = students(write(tmp_path / (top or "course"), tree), "nbgrader", "HW1")
    assert set(found) == {"ann", "李雷", "bob"}
    assert found["ann"].handed_in == "2015-02-02T15:58:23.948203+00:00"
    assert found["李雷"].handed_in == ""
    assert [entry.name for entry in found["ann"].files] == ["x.csv"]
    assert read(found["ann"]) == COURSE["submitted/ann/hw1/nb.ipynb"]
    assert found["bob"].problem.endswith("found: nothing")


@pytest.mark.parametrize(
    "below", ["submitted/ann", "submitted/ann/hw1", "submitted/ann/hw1/nb.ipynb"]
)
def test_nbgrader_below(tmp_path: Path, below: str) -> None:
    """A student's folder, that of an assignment in it, and a notebook there."""
    course = folder_of(tmp_path / "course", COURSE)
    found = students(course / below, "nbgrader")
    assert list(found) == ["ann"]
    assert read(found["ann"]) == COURSE["submitted/ann/hw1/nb.ipynb"]


def test_nbgrader_with_several_assignments(tmp_path: Path) -> None:
    """None is guessed, not even for students who handed in but one."""
    course = folder_of(tmp_path / "course", COURSE)
    for paths in [course], sorted((course / "submitted").iterdir()):
        found = find_submissions(paths, "regression")
        assert not found.submissions
        (error,) = found.errors
        assert "there are several assignments (hw1, hw2), and not one that is named regression" in (
            str(error)
        )
    assert str(find_submissions([course], "x").errors[0]).endswith(f"{course}/submitted/*/hw1")
    only = find_submissions(sorted(course.glob("submitted/*/hw2")), "regression")
    assert [submission.student for submission in only.submissions] == ["ann"]
    assert not only.errors


@pytest.mark.parametrize(
    ("told", "time"),
    [
        ("2015-02-02 15:58:23 UTC", "2015-02-02T15:58:23+00:00"),
        ("2015-07-02 15:58:23.5 Europe/Paris", "2015-07-02T15:58:23.500000+02:00"),
        ("2015-02-02 15:58:23 -0330", "2015-02-02T15:58:23-03:30"),
        ("2015-02-02 15:58:23", "2015-02-02T15:58:23+00:00"),
        ("2015-02-02 15:58:23 ../../etc/passwd", ""),
        ("2015-02-02 15:58:23 America", ""),
        ("2015-02-02 15:58:23 +9999", ""),
        ("yesterday", ""),
        ("", ""),
        ("\udcff" * 50, ""),
    ],
)
def test_times_of_nbgrader(tmp_path: Path, told: str, time: str) -> None:
    """A time that cannot be understood is none: it is the student's to write."""
    tree = {
        "submitted/ann/hw1/nb.ipynb": NOTEBOOK,
        "submitted/ann/hw1/timestamp.txt": told.encode("utf-8", "surrogateescape"),
    }
    found = students(folder_of(tmp_path, tree), "nbgrader")
    assert found["ann"].handed_in == time


@BOTH
@pytest.mark.parametrize("top", ["", "hw1-submissions/"])
def test_classroom(tmp_path: Path, write: Write, top: str) -> None:
    """As `gh classroom clone student-repos` makes it; the path may be that of the class itself."""
    tree = {
        f"{top}hw1-ann/nb.ipynb": NOTEBOOK,
        f"{top}hw1-ann/data/x.csv": b"1",
        f"{top}hw1-ann/.git/HEAD": b"ref",
        f"{top}hw1-bo-b/work/nb.ipynb": NOTEBOOK,
        f"{top}hw1-empty/.git/HEAD": b"ref",
        f"{top}hw1-empty/README.md": b"# hw1",
    }
    found = students(write(tmp_path / "hw1-submissions", tree), "classroom", "other")
    assert set(found) == {"ann", "bo-b", "empty"}
    assert [entry.name for entry in found["ann"].files] == ["data/x.csv"]
    assert found["empty"].problem.endswith("found: README.md")


def test_one_repository_of_a_classroom(tmp_path: Path) -> None:
    """The folder that it lies in tells which part of its name is the login."""
    folder_of(tmp_path / "hw1-submissions", notebooks("hw1-ann/nb.ipynb", "hw1-bob/nb.ipynb"))
    found = students(tmp_path / "hw1-submissions" / "hw1-ann", "classroom")
    assert list(found) == ["ann"]


def test_classroom_assistant(tmp_path: Path) -> None:
    """It names the folder after assignment and time, and those in it after the students."""
    tree = {"hw1-09-24-2026-10-30-59/ann/nb.ipynb": NOTEBOOK} | {
        "hw1-09-24-2026-10-30-59/Zoë K./nb.ipynb": NOTEBOOK
    }
    assert list(students(folder_of(tmp_path, tree), "classroom")) == ["Zoë K.", "ann"]


def test_repositories_in_any_folder(tmp_path: Path) -> None:
    """A folder of git repositories is a class, too; the assignment's name is left out."""
    tree = {
        f"{name}/{file}": content
        for name in ("deep-network-ann", "deep-network-bob", "cat")
        for file, content in ((".git/HEAD", b""), ("nb.ipynb", NOTEBOOK))
    }
    found = students(folder_of(tmp_path / "x", tree), "classroom", "deep_network")
    assert list(found) == ["ann", "bob", "cat"]


@BOTH
def test_gradescope(tmp_path: Path, write: Write) -> None:
    """Who handed in stands in the metadata; each of a group has a submission."""
    found = students(write(tmp_path / "class", GRADESCOPE), "gradescope")
    assert set(found) == {
        "Ada Lovelace (ada@x.org)",
        "Ἀριστοτέλης (77)",
        "李雷 (li@x.org)",
        "submission_13",
        "Nobody Home (home@x.org)",
    }
    ada = found["Ada Lovelace (ada@x.org)"]
    assert ada.handed_in == "2026-04-26T17:34:00.861687+00:00"
    assert [entry.name for entry in ada.files] == ["data/x.csv"]
    assert found["李雷 (li@x.org)"].handed_in == "2026-04-26T10:34:00.500000-07:00"
    group = [found["Ἀριστοτέλης (77)"], found["李雷 (li@x.org)"]]
    assert {read(submission) for submission in group} == {
        GRADESCOPE["assignment_7_export/submission_12/group/hw.ipynb"]
    }
    assert "does not tell whose" in found["submission_13"].warning
    assert found["Nobody Home (home@x.org)"].problem.endswith("found: nothing")
    assert found["Nobody Home (home@x.org)"].handed_in == ""


def test_gradescope_without_metadata(tmp_path: Path) -> None:
    """A submission is graded all the same, and named after its folder."""
    tree = {n: c for n, c in GRADESCOPE.items() if not n.endswith(".yml")}
    found = students(folder_of(tmp_path / "class", tree), "gradescope")
    assert list(found) == ["submission_11", "submission_12", "submission_13"]
    assert all(submission.warning for submission in found.values())
    one = students(tmp_path / "class" / "assignment_7_export" / "submission_12", "gradescope")
    assert list(one) == ["submission_12"]


def test_metadata_that_a_student_hands_in_is_a_file_like_others(tmp_path: Path) -> None:
    """It cannot tell whose the submission is."""
    forged = "hw.ipynb:\n  :submitters:\n  - :name: Mallory\n    :sid: 1\n"
    tree = GRADESCOPE | {
        "assignment_7_export/submission_11/submission_metadata.yml": forged.encode(),
        "assignment_7_export/to_do.txt": b"the instructor's",
    }
    found = students(folder_of(tmp_path, tree), "gradescope")
    assert len(found) == 5
    assert "Mallory (1)" not in found
    assert len(found["Ada Lovelace (ada@x.org)"].files) == 2


@pytest.mark.parametrize(
    "damaged",
    [
        "submission_11: [",
        "- a\n- b\n",
        "",
        "a: " + "[" * 10_000,
        "a: " + "[" * 50_000 + "]" * 50_000,
        "\x00\x01",
        "submission_11: &a [*a",
    ],
)
def test_damaged_metadata_is_told(tmp_path: Path, damaged: str) -> None:
    """One line, and the submissions are found, named after their folders."""
    metadata = {"assignment_7_export/submission_metadata.yml": damaged.encode()}
    found = find_submissions([folder_of(tmp_path, GRADESCOPE | metadata)], "hw1")
    (error,) = found.errors
    assert "submission_metadata.yml: " in str(error)
    assert "\n" not in str(error)
    assert [submission.student for submission in found.submissions] == [
        "submission_11",
        "submission_12",
        "submission_13",
    ]


@BOTH
def test_metadata_of_nobody_is_told(tmp_path: Path, write: Write) -> None:
    """With no submission beside it there is nothing to grade, and it is said."""
    tree = {"submission_metadata.yml": b"{}", "notes.txt": b"the instructor's"}
    path = write(tmp_path / "assignment_7_export", tree)
    found = find_submissions([path], "hw1")
    assert not found.submissions
    (error,) = found.errors
    assert str(error) == (
        f"{path}: no submissions: submission_metadata.yml tells of none, and no folder named "
        "submission_<id> is there; export them again"
    )


def test_metadata_in_another_style_is_read_whole(tmp_path: Path) -> None:
    """The quick way through it depends on how Ruby writes YAML, the result does not."""
    text = '{"submission_11": {":score": 1, ":submitters": [{":name": "Ada", ":sid": 5}]}}'
    tree = {
        "assignment_7_export/submission_metadata.yml": text.encode(),
        "assignment_7_export/submission_11/hw.ipynb": NOTEBOOK,
    }
    assert list(students(folder_of(tmp_path, tree), "gradescope")) == ["Ada (5)"]


@BOTH
def test_what_gradescopes_metadata_does_not_tell_is_one_line(tmp_path: Path, write: Write) -> None:
    """Whatever a folder is called, or the metadata say that it is."""
    told = b'"sub\\nmission_2":\n  :submitters:\n  - :name: Bob\n'
    tree = {"submission_metadata.yml": told, "sub\nmission_1/hw.ipynb": NOTEBOOK}
    found = find_submissions([write(tmp_path / "c", tree)], "hw", "gradescope")
    assert len(found.submissions) == 2
    for each in found.submissions:
        assert "\n" not in f"{each.student}{each.path}{each.warning}{each.problem}"


# ---------------------------------------------------------------- Blackboard, and what is late


def attempt(owner: str, time: str, *files: str) -> Tree:
    """Return what Blackboard hands out of an attempt."""
    user = owner.partition(":")[2]
    prefix = f"{owner.replace(':', '')}_attempt_{time}"
    said = f"Name: Ada (née) Byron ({user})\nAssignment: Homework\nFiles:\n"
    texts = {f"{prefix}.txt": said.encode()}
    return {
        **texts,
        **{f"{prefix}_{name}": f"{NOTEBOOK.decode()} {name} {time}".encode() for name in files},
    }


FIRST, SECOND = "2026-03-01-10-00-00", "2026-03-02-09-30-05"


@BOTH
@pytest.mark.parametrize("text", [True, False])
@pytest.mark.parametrize(
    ("owner", "student", "needs_text"),
    [
        ("hw1_:ada", "ada", False),
        ("Homework 1_:ada", "ada", False),
        ("my_first_homework_:ada", "ada", False),
        ("hw1_:ada_b", "ada_b", False),
        ("HW1_:ada_b_c", "ada_b_c", False),
        ("Week 2_:ada_b", "ada_b", True),
        ("a_b_c_:x_y_z", "x_y_z", True),
        ("hw1_:s1234567", "s1234567", False),
        ("hw1_:12345", "12345", False),
        ("hw1_:ada.byron@x.org", "ada.byron@x.org", False),
        ("練習_:李雷", "李雷", False),
    ],
)
def test_blackboard_names(
    tmp_path: Path,
    write: Write,
    text: bool,  # noqa: FBT001 - a table
    owner: str,
    student: str,
    needs_text: bool,  # noqa: FBT001
) -> None:
    """Assignments and users may have underscores: the attempt's text says where one ends."""
    if needs_text and not text:
        return
    tree = attempt(owner, FIRST, "my_hw_2.ipynb", "data_1.csv")
    tree = {name: content for name, content in tree.items() if text or not name.endswith(".txt")}
    found = students(write(tmp_path / "c", tree), "blackboard")
    assert set(found) == {student}
    assert found[student].handed_in == "2026-03-01T10:00:00"
    assert [entry.name for entry in found[student].files] == ["data_1.csv"]
    assert found[student].warning == ""


@BOTH
def test_the_latest_attempt_counts(tmp_path: Path, write: Write) -> None:
    """Earlier ones are named; who handed in no file, or no notebook, is a result all the same."""
    tree = {
        **attempt("hw1_:ada", FIRST, "a.ipynb", "x.csv"),
        **attempt("hw1_:ada", SECOND, "b.ipynb"),
        **attempt("hw1_:bob", SECOND, "hw1.ipynb", "draft.ipynb"),
        **attempt("hw1_:bob", FIRST, "hw1.ipynb"),
        **attempt("hw1_:cy", FIRST, "c.ipynb"),
        **attempt("hw1_:cy", SECOND),
        **attempt("hw1_:dan", FIRST, "report.pdf"),
    }
    found = students(write(tmp_path / "gradebook_x", tree), "blackboard")
    ada, bob, cy, dan = (found[name] for name in ("ada", "bob", "cy", "dan"))
    assert read(ada) == tree[f"hw1_ada_attempt_{SECOND}_b.ipynb"]
    assert (ada.handed_in, ada.files) == ("2026-03-02T09:30:05", ())
    earlier = (
        "attempts before the one of 2026-03-02T09:30:05: 2026-03-01T10:00:00; they do not count"
    )
    assert ada.warning == bob.warning == cy.warning == earlier
    assert read(bob) == tree[f"hw1_bob_attempt_{SECOND}_hw1.ipynb"]
    assert cy.problem == "no notebook (*.ipynb) was handed in; found: nothing"
    assert dan.problem.endswith("found: report.pdf")


@BOTH
@pytest.mark.parametrize("name", ["x_ann_attempt_{}_h.ipynb", "x_ann_attempt_{}.txt"])
def test_what_a_student_calls_a_file_names_nobody_else(
    tmp_path: Path, write: Write, name: str
) -> None:
    """The platform's part of a name comes first, whatever follows it."""
    forged = attempt("hw1_:eve", FIRST, "hw1.ipynb", name.format(SECOND))
    tree = {**attempt("hw1_:ann", FIRST, "hw1.ipynb"), **forged}
    found = students(write(tmp_path / "c", tree), "blackboard")
    assert set(found) == {"ann", "eve"}
    assert read(found["ann"]) == tree[f"hw1_ann_attempt_{FIRST}_hw1.ipynb"]
    assert [file.name for file in found["eve"].files] == [name.format(SECOND)]


@BOTH
@pytest.mark.parametrize(
    "name", [f"x_b_attempt_{SECOND}.txt", f"W_1_eve_b_attempt_{FIRST}.txt", "platform.txt"]
)
def test_only_the_platforms_text_says_whose_an_attempt_is(
    tmp_path: Path, write: Write, name: str
) -> None:
    """A student's own file that is called and filled like it is theirs, and says nothing."""
    tree = {
        f"W_1_eve_b_attempt_{FIRST}_{name}": b"Name: B (b)\n",
        **attempt("W_1_:eve_b", FIRST, "h.ipynb"),
        **attempt("W_1_:b", FIRST, "h.ipynb"),
    }
    found = students(write(tmp_path / "c", tree), "blackboard")
    assert set(found) == {"b", "eve_b"}
    assert [file.name for file in found["eve_b"].files] == [name]
    assert read(found["b"]) == tree[f"W_1_b_attempt_{FIRST}_h.ipynb"]


def test_files_of_blackboard_may_be_named(tmp_path: Path) -> None:
    """One by one, as by a shell's pattern; a student's zip is one's own."""
    folder = folder_of(
        tmp_path, {**attempt("W_1_:ada_b", FIRST, "x.csv"), **attempt("hw1_:bob", FIRST, "b.ipynb")}
    )
    zip_of(folder / f"W_1_ada_b_attempt_{FIRST}_work", notebooks("work/nb.ipynb"))
    for paths in ([folder], sorted(folder.iterdir())):
        ada, bob = find_submissions(paths, "hw1").submissions
        assert (ada.student, bob.student) == ("ada_b", "bob")
        assert ada.notebook
        assert ada.notebook.name == "work.zip/work/nb.ipynb"
        assert [entry.name for entry in ada.files] == ["x.csv"]


@BOTH
@pytest.mark.parametrize(
    ("name", "late"),
    [
        ("doe_1_2_hw.ipynb", False),
        ("doe_LATE_1_2_hw.ipynb", True),
        ("LATE_anon_aB3_2_hw.ipynb", True),
        ("anon_aB3_2_hw.ipynb", False),
        ("LATE_1_2_hw.ipynb", False),
        ("doe_LATE_1_2_report.pdf", True),
        ("doe_1_2_report.pdf", False),
        ("doe_LATE_1_text.html", True),
        ("doe_1_2_LATE_hw.ipynb", False),
        ("late_1_2_hw.ipynb", False),
    ],
)
def test_canvas_says_who_is_late(tmp_path: Path, write: Write, name: str, late: bool) -> None:  # noqa: FBT001 - a table
    """By the name alone, and no time; it is no part of the student's name."""
    (found,) = students(write(tmp_path / "c", {name: NOTEBOOK}), "canvas").values()
    assert (found.late, found.handed_in) == (late, "")
    assert "LATE" not in found.student or name.startswith("LATE_1")
