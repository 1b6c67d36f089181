"""What is found at paths: nothing is guessed, and nobody is lost."""

import os
import time
import unicodedata
from pathlib import Path

import pytest

from grader.errors import SubmissionError, UnreachableError, UsageError
from grader.layouts import Found, find_submissions, moodle
from grader.layouts.building import MAX_FILES, MAX_FILES_BYTES, submissions
from grader.layouts.files import list_folder
from grader.layouts.layout import sort_by_student
from grader.submission import MAX_NOTEBOOK_BYTES
from tests.conftest import WriteNotebook
from tests.layouts.trees import NOTEBOOK, Write, folder_of, no_more_files, notebooks, zip_of

DOE = "doejane_1_"


def names(found: Found) -> list[str]:
    """Return the students."""
    return [submission.student for submission in found.submissions]


def one_error(found: Found) -> str:
    """Return the one error, a line."""
    (error,) = found.errors
    assert "\n" not in str(error)
    return str(error)


# ---------------------------------------------------------------- folders of notebooks


def test_a_folder_is_searched_without_its_hidden_parts(tmp_path: Path) -> None:
    """Checkpoints are older versions, not submissions."""
    tree = notebooks("b.ipynb", "a.ipynb", "x/c.ipynb", ".ipynb_checkpoints/a.ipynb", "notes.txt")
    found = find_submissions([folder_of(tmp_path, tree)], "hw")
    assert names(found) == ["a", "b", "x"]
    assert [submission.files for submission in found.submissions] == [(), (), ()]
    assert (found.errors, found.layouts) == ((), ("folder",))


def test_files_named_alike_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    """One folder a student, all with the exercise's own file name; in an archive just so."""
    tree = notebooks("ann/hw.ipynb", "bob/hw.ipynb")
    assert names(find_submissions([folder_of(tmp_path / "x", tree)], "hw")) == ["ann", "bob"]
    assert names(find_submissions([zip_of(tmp_path / "y", tree)], "hw")) == ["ann", "bob"]


def test_a_bad_path_loses_nothing_else(tmp_path: Path, write_notebook: WriteNotebook) -> None:
    """What exists is found; what does not is named, once each."""
    good = write_notebook("x = 1")
    (tmp_path / "empty").mkdir()
    paths = [tmp_path / "nowhere", good, tmp_path / "empty", good, tmp_path / "nowhere"]
    found = find_submissions(paths, "hw")
    assert [submission.path for submission in found.submissions] == [str(good)]
    assert [str(e).removeprefix(str(tmp_path)) for e in found.errors] == [
        "/nowhere: no such file or folder",
        "/empty: no notebooks (*.ipynb) in this folder or below",
    ]


def test_an_archive_in_a_folder_is_a_students(tmp_path: Path) -> None:
    """What lies beside its notebook is, too; one without a notebook is a result with a reason."""
    folder = folder_of(tmp_path / "class", notebooks("bob.ipynb"))
    zip_of(folder / "ann", notebooks("work/nb.ipynb") | {"work/x.csv": b"1"})
    zip_of(folder / "data", {"x.csv": b"1"})
    found = find_submissions([folder], "hw")
    assert (names(found), found.errors) == (["ann", "bob", "data"], ())
    assert found.submissions[2].problem.endswith("found: data.zip/x.csv")
    ann = found.submissions[0]
    assert ann.notebook
    assert (ann.path, ann.notebook.name) == (
        f"{folder}/ann.zip/work/nb.ipynb",
        "ann.zip/work/nb.ipynb",
    )
    assert [entry.name for entry in ann.files] == ["x.csv"]


def test_an_archive_in_a_students_folder_is_no_other_student(tmp_path: Path) -> None:
    """It is looked into only where no notebook lies beside it."""
    folder = folder_of(tmp_path / "class", notebooks("ann/hw.ipynb", "bob/x.txt"))
    zip_of(folder / "ann" / "old", notebooks("hw.ipynb"))
    zip_of(folder / "bob" / "work", notebooks("work/hw.ipynb"))
    found = find_submissions([folder], "hw")
    assert (names(found), found.errors) == (["ann", "bob"], ())
    assert [entry.name for entry in found.submissions[0].files] == ["old.zip"]


def test_names_are_of_one_form(tmp_path: Path) -> None:
    """Composed letters, whatever the file system holds; control characters are not printed."""
    tree = notebooks(unicodedata.normalize("NFD", "Zoë.ipynb"), "bell\a\nring.ipynb")
    found = find_submissions([folder_of(tmp_path, tree)], "hw")
    assert names(found) == [unicodedata.normalize("NFC", "Zoë"), "bell\ufffd\ufffdring"]


def test_names_with_backslashes_are_told(tmp_path: Path) -> None:
    """Elsewhere they would lead to other folders."""
    folder = folder_of(tmp_path / "class", notebooks("b\\x.ipynb", "ann.ipynb"))
    found = find_submissions([folder], "hw")
    assert one_error(found).endswith("x.ipynb: left out: its name is not a plain relative path")
    assert names(found) == ["ann", "b\\x"]
    assert found.submissions[1].notebook is None


# ---------------------------------------------------------------- links and what is no file


OUT = "a link that leads out of the folder is not followed"
ANOTHERS = "a link that leads out of its student's folder is not followed"
HIDDEN = "a link that leads to a hidden file is not followed"
NO_FILE = "a link that does not lead to a file is not followed"


def test_links_that_lead_out_are_told_and_not_followed(tmp_path: Path) -> None:
    """To files and to folders; one within a student's folder is the file that it leads to."""
    outside = folder_of(tmp_path / "outside", notebooks("secret.ipynb"))
    folder = folder_of(tmp_path / "class", notebooks("ann/src/nb.ipynb", "eve/notes.txt"))
    (folder / "ann" / "loop").symlink_to(folder)
    (folder / "ann" / "hw.ipynb").symlink_to("src/nb.ipynb")
    (folder / "bob.ipynb").symlink_to(outside / "secret.ipynb")
    (folder / "cleo.ipynb").symlink_to(folder / "ann" / "src" / "nb.ipynb")
    (folder / "dan").symlink_to(outside)
    (folder / "round").symlink_to(folder / "round")
    found = find_submissions([folder], "hw")
    assert sorted(str(e).removeprefix(str(folder)) for e in found.errors) == [
        f"/ann/loop: {NO_FILE}",
        f"/bob.ipynb: {OUT}",
        f"/cleo.ipynb: {ANOTHERS}",
        f"/dan: {OUT}",
        f"/round: {OUT}",
    ]
    assert names(found) == ["ann", "bob", "cleo", "dan", "eve", "round"]
    ann, bob, cleo, *_ = found.submissions
    assert ann.notebook
    assert ann.notebook.read() == (folder / "ann" / "src" / "nb.ipynb").read_bytes()
    assert [each.notebook for each in (bob, cleo)] == [None, None]
    assert "leads out" in bob.problem
    assert "leads out" in cleo.problem


LAYOUTS_WITH_FOLDERS = [
    ("folder", "ann", "eve"),
    ("nbgrader", "submitted/ann/hw", "submitted/eve/hw"),
    ("moodle", "Ann_1_assignsubmission_file", "Eve_2_assignsubmission_file"),
    ("classroom", "hw-submissions/hw-ann", "hw-submissions/hw-eve"),
    ("gradescope", "assignment_1_export/submission_1", "assignment_1_export/submission_2"),
]


@pytest.mark.parametrize(("layout", "ann", "eve"), LAYOUTS_WITH_FOLDERS)
def test_no_link_leads_to_what_another_handed_in(
    tmp_path: Path, layout: str, ann: str, eve: str
) -> None:
    """Neither by a file nor by a folder, nor to hidden files of one's own; in every layout."""
    tree = notebooks(f"{ann}/hw.ipynb", f"{eve}/hw.ipynb", f"{eve}/own/data.csv")
    hidden = notebooks(".hidden/key.csv", f"{eve}/.git/config", f"{eve}/__pycache__/x.csv")
    folder = folder_of(tmp_path / "c", tree | hidden)
    own = folder / eve
    (own / "stolen.csv").symlink_to(folder / ann / "hw.ipynb")
    (own / "hidden.csv").symlink_to(folder / ".hidden" / "key.csv")
    (own / "config.csv").symlink_to(".git/config")
    (own / "cache.csv").symlink_to("__pycache__/x.csv")
    (own / "there").symlink_to(folder / ann)
    (own / "through.csv").symlink_to("there/hw.ipynb")
    (own / "again.csv").symlink_to("stolen.csv")
    (own / "mine.csv").symlink_to("own/data.csv")
    found = find_submissions([folder], "hw", layout)
    assert found.layouts == (layout,)
    assert sorted(str(e).removeprefix(f"{own}/") for e in found.errors) == [
        f"again.csv: {ANOTHERS}",
        f"cache.csv: {HIDDEN}",
        f"config.csv: {HIDDEN}",
        f"hidden.csv: {HIDDEN}",
        f"stolen.csv: {ANOTHERS}",
        f"there: {NO_FILE}",
        f"through.csv: {ANOTHERS}",
    ]
    _, hers = found.submissions
    assert sorted(file.name for file in hers.files) == ["mine.csv", "own/data.csv"]
    assert "stolen.csv is left out: a link" in hers.warning


@pytest.mark.parametrize(("layout", "ann", "eve"), LAYOUTS_WITH_FOLDERS)
def test_a_notebook_that_is_a_link_to_anothers_is_not_read(
    tmp_path: Path, layout: str, ann: str, eve: str
) -> None:
    """It is a result that says why; one to a notebook of one's own is that notebook."""
    folder = folder_of(tmp_path / "c", notebooks(f"{ann}/src/nb.ipynb", f"{eve}/notes.txt"))
    (folder / ann / "hw.ipynb").symlink_to("src/nb.ipynb")
    (folder / eve / "hw.ipynb").symlink_to(folder / ann / "src" / "nb.ipynb")
    hers, evil = find_submissions([folder], "hw", layout).submissions
    assert hers.notebook
    assert evil.notebook is None
    assert evil.problem.endswith(f"hw.ipynb: {ANOTHERS}")


@pytest.mark.parametrize(
    ("layout", "ann", "eve"),
    [
        ("canvas", "ann_1_", "eve_2_"),
        ("moodle", "Ann_1_assignsubmission_file_", "Eve_2_assignsubmission_file_"),
        (
            "blackboard",
            "hw_ann_attempt_2026-01-01-10-00-00_",
            "hw_eve_attempt_2026-01-01-10-00-00_",
        ),
    ],
)
def test_no_link_among_flat_files_leads_to_anothers(
    tmp_path: Path, layout: str, ann: str, eve: str
) -> None:
    """What begins with the same student's prefix is their own."""
    number = "7_" if layout == "canvas" else ""
    tree = notebooks(f"{ann}{number}hw.ipynb", f"{eve}{number}hw.ipynb", f"{eve}{number}x.csv")
    folder = folder_of(tmp_path / "c", tree)
    (folder / f"{eve}{number}stolen.csv").symlink_to(f"{ann}{number}hw.ipynb")
    (folder / f"{eve}{number}mine.csv").symlink_to(f"{eve}{number}x.csv")
    found = find_submissions([folder], "hw", layout)
    assert one_error(found).endswith(f"stolen.csv: {ANOTHERS}")
    assert {file.name for file in found.submissions[1].files} <= {"mine.csv", "x.csv"}


def test_clones_are_no_way_into_another(tmp_path: Path) -> None:
    """Repositories in a folder, recognised by themselves; also where each is given by itself."""
    tree = notebooks("hw-ann/hw.ipynb", "hw-ann/.git/x", "hw-eve/.git/x", "hw-eve/hw.ipynb")
    folder = folder_of(tmp_path / "c", tree)
    (folder / "hw-eve" / "stolen.txt").symlink_to("../hw-ann/hw.ipynb")
    found = find_submissions([folder], "hw")
    assert (names(found), found.layouts) == (["ann", "eve"], ("classroom",))
    assert one_error(found) == f"{folder}/hw-eve/stolen.txt: {ANOTHERS}"
    assert found.submissions[1].files == ()
    alone = find_submissions([folder / "hw-eve"], "hw")
    assert one_error(alone) == f"{folder}/hw-eve/stolen.txt: {OUT}"


def test_a_notebook_that_is_given_is_no_link(tmp_path: Path) -> None:
    """A shell's pattern names what students call a notebook, wherever that may lead."""
    folder = folder_of(tmp_path / "c", notebooks("ann/hw.ipynb", "eve/notes.txt"))
    (folder / "eve" / "eve.ipynb").symlink_to("../ann/hw.ipynb")
    found = find_submissions([folder / "ann" / "hw.ipynb", folder / "eve" / "eve.ipynb"], "hw")
    eve, ann = found.submissions
    assert ann.notebook
    assert eve.notebook is None
    assert eve.problem == "eve.ipynb: a link is not followed; give the file that it leads to"


def test_a_file_that_has_become_a_link_since_is_not_read(tmp_path: Path) -> None:
    """Nor a pipe, which would block for ever."""
    folder = folder_of(tmp_path / "class", notebooks("ann.ipynb", "bob.ipynb"))
    (tmp_path / "secret.ipynb").write_bytes(NOTEBOOK)
    ann, bob = find_submissions([folder], "hw").submissions
    (folder / "ann.ipynb").unlink()
    (folder / "ann.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (folder / "bob.ipynb").unlink()
    os.mkfifo(folder / "bob.ipynb")
    for submission in (ann, bob):
        assert submission.notebook
        with pytest.raises(UnreachableError):
            submission.notebook.read()


def test_sizes_are_checked_when_a_file_is_read(tmp_path: Path) -> None:
    """It may have grown or shrunk since, and may be too large to be read at all."""
    folder = folder_of(tmp_path, notebooks("ann.ipynb", "bob.ipynb", "cleo.ipynb"))
    with (folder / "bob.ipynb").open("wb") as file:
        file.truncate(MAX_NOTEBOOK_BYTES + 1)
    ann, bob, cleo = find_submissions([folder], "hw").submissions
    (folder / "ann.ipynb").write_bytes(NOTEBOOK * 2)
    (folder / "cleo.ipynb").write_bytes(NOTEBOOK[:-1])
    assert bob.notebook
    with pytest.raises(SubmissionError, match="clear the outputs") as told:
        bob.notebook.read()
    assert not isinstance(told.value, UnreachableError)
    for submission in (ann, cleo):
        assert submission.notebook
        with pytest.raises(UnreachableError, match="has changed since it was found"):
            submission.notebook.read()


def test_what_cannot_be_reached_now_can_be_another_time(tmp_path: Path) -> None:
    """A file that has vanished, and one for which no more files may be opened."""
    (ann,) = find_submissions([folder_of(tmp_path, notebooks("ann.ipynb"))], "hw").submissions
    assert ann.notebook
    (tmp_path / "ann.ipynb").rename(tmp_path / "away")
    with pytest.raises(UnreachableError, match="cannot be read: No such file"):
        ann.notebook.read()
    (tmp_path / "away").rename(tmp_path / "ann.ipynb")
    with no_more_files(), pytest.raises(UnreachableError, match="cannot be read: Too many open"):
        ann.notebook.read()
    assert ann.notebook.read() == notebooks("ann.ipynb")["ann.ipynb"]


def test_a_students_archive_that_cannot_be_reached_is_no_hand_in_without_a_notebook(
    tmp_path: Path,
) -> None:
    """What is in it cannot be known now; what is in one that is damaged is known."""
    folder = tmp_path / "Ada_1_assignsubmission_file"
    zip_of(folder_of(folder, {}) / "work", notebooks("nb.ipynb"))
    listing = list_folder(tmp_path)
    (hand_in,) = sort_by_student(moodle.LAYOUT, listing).hand_ins
    (folder / "work.zip").rename(tmp_path / "away")
    (ada,) = submissions([hand_in], "hw")
    assert (ada.student, ada.problem) == ("Ada (1)", "")
    assert ada.notebook
    with pytest.raises(UnreachableError, match=r"work\.zip: the file cannot be read: No such"):
        ada.notebook.read()
    (folder / "work.zip").write_bytes(b"PK" + bytes(hand_in.files[0].size - 2))
    (ada,) = submissions([hand_in], "hw")
    assert "work.zip: the zip archive is damaged" in ada.problem


@pytest.mark.parametrize("name", ["nb.ipynb", "class.zip"])
def test_a_pipe_is_not_opened(tmp_path: Path, name: str) -> None:
    """Neither as a notebook nor as an archive."""
    os.mkfifo(tmp_path / name)
    found = find_submissions([tmp_path / name], "hw")
    told = [*map(str, found.errors), *(submission.problem for submission in found.submissions)]
    assert ["not a file" in line for line in told] == [True]


# ---------------------------------------------------------------- which notebook


def test_several_notebooks_of_a_student_are_told(tmp_path: Path) -> None:
    """Unless exactly one is named like the assignment."""
    tree = notebooks(f"{DOE}2_draft.ipynb", f"{DOE}3_final.ipynb", "roe_4_5_a.ipynb")
    folder = folder_of(tmp_path, tree | notebooks("roe_4_6_HW1.ipynb"))
    jane, roe = find_submissions([folder], "hw1").submissions
    assert jane.notebook is None
    assert "2 notebooks were handed in" in jane.problem
    assert "draft.ipynb, final.ipynb" in jane.problem
    assert "named hw1.ipynb" in jane.problem
    assert roe.notebook
    assert roe.notebook.name == "HW1.ipynb"
    assert [entry.name for entry in roe.files] == ["a.ipynb"]


def test_two_downloads_of_a_student_are_told(tmp_path: Path) -> None:
    """Both files are named. The same file twice is one."""
    first = zip_of(tmp_path / "first", notebooks(f"{DOE}2_hw1.ipynb", "roe_4_5_hw1.ipynb"))
    second = zip_of(tmp_path / "second", {f"{DOE}3_hw1.ipynb": b"{}"})
    jane, roe = find_submissions([first, second], "hw1").submissions
    assert roe.notebook
    assert jane.notebook is None
    assert f"{first}/{DOE}2_hw1.ipynb, {second}/{DOE}3_hw1.ipynb" in jane.problem
    again = zip_of(tmp_path / "again", notebooks(f"{DOE}2_hw1.ipynb"))
    assert all(s.notebook for s in find_submissions([first, again, first], "hw1").submissions)


def test_the_same_folder_twice_is_one(tmp_path: Path) -> None:
    """Whatever way it is named."""
    folder = folder_of(tmp_path / "class", notebooks(f"{DOE}2_hw.ipynb", "roe_4_5_hw.ipynb"))
    found = find_submissions([folder, tmp_path / "class" / ".." / "class"], "x")
    assert all(submission.notebook for submission in found.submissions)
    assert len(found.submissions) == 2


def test_a_students_own_archive_is_looked_into(tmp_path: Path) -> None:
    """One level deep, and only where there is no notebook beside it."""
    inner = zip_of(tmp_path / "inner", notebooks("a/deep.ipynb")).read_bytes()
    own = zip_of(
        tmp_path / "own", notebooks("w/nb.ipynb", "__MACOSX/w/._nb.ipynb") | {"i.zip": inner}
    )
    tree = {
        f"{DOE}2_work.zip": own.read_bytes(),
        "poe_2_3_work.zip": own.read_bytes(),
        "poe_2_4_nb.ipynb": NOTEBOOK,
        "roe_3_5_work.zip": zip_of(tmp_path / "z", {"i.zip": inner}).read_bytes(),
        "zoe_4_6_work.zip": b"PK damaged",
    }
    for path in folder_of(tmp_path / "class", tree), zip_of(tmp_path / "class", tree):
        jane, poe, roe, zoe = find_submissions([path], "hw1").submissions
        assert jane.notebook
        assert jane.notebook.name == "work.zip/w/nb.ipynb"
        assert jane.notebook.read() == notebooks("w/nb.ipynb")["w/nb.ipynb"]
        assert jane.path == f"{path}/{DOE}2_work.zip/w/nb.ipynb"
        assert [entry.name for entry in jane.files] == ["work.zip/i.zip"]
        assert poe.notebook
        assert [entry.name for entry in poe.files] == ["work.zip"]
        assert roe.problem.endswith("found: work.zip/i.zip")
        assert "work.zip: the zip archive is damaged" in zoe.problem


@pytest.mark.parametrize(("count", "size"), [(MAX_FILES + 1, 1), (2, MAX_FILES_BYTES // 2 + 1)])
def test_too_much_beside_a_notebook_is_left_out(tmp_path: Path, count: int, size: int) -> None:
    """The submission is graded all the same."""
    folder = folder_of(tmp_path, notebooks(f"{DOE}2_hw.ipynb"))
    for number in range(count):
        with (folder / f"{DOE}{number + 10}_x{number}.csv").open("wb") as file:
            file.truncate(size)
    (jane,) = find_submissions([folder], "hw1").submissions
    assert jane.notebook
    assert jane.files == ()
    assert f"{count} files" in jane.warning


# ---------------------------------------------------------------- what lies beside it

MOODLE = "Ada_1_assignsubmission_file"
BOTH = pytest.mark.parametrize("write", [folder_of, zip_of])


def beside(found: Found) -> dict[str, bytes]:
    """Return what lies beside the one notebook, by the names under which it will."""
    (submission,) = found.submissions
    assert submission.notebook
    return {entry.name: entry.read() for entry in submission.files}


@BOTH
def test_files_are_named_as_the_notebook_sees_them(tmp_path: Path, write: Write) -> None:
    """From its own folder; what lies elsewhere keeps its name."""
    tree = notebooks(f"{MOODLE}/hw/nb.ipynb") | {
        f"{MOODLE}/hw/helper.py": b"1",
        f"{MOODLE}/hw/data/x.csv": b"2",
        f"{MOODLE}/hw2/other.py": b"3",
        f"{MOODLE}/notes.txt": b"4",
    }
    path = write(tmp_path / "c", tree)
    found = find_submissions([path], "hw")
    assert beside(found) == {
        "helper.py": b"1",
        "data/x.csv": b"2",
        "hw2/other.py": b"3",
        "notes.txt": b"4",
    }
    (ada,) = found.submissions
    assert (ada.path, ada.warning) == (f"{path}/{MOODLE}/hw/nb.ipynb", "")


@pytest.mark.parametrize("folder", ["", "work/"])
def test_files_in_a_students_archive_are_named_as_the_notebook_sees_them(
    tmp_path: Path, folder: str
) -> None:
    """As if the archive had been unpacked; what lies beside the archive keeps its name."""
    own = zip_of(tmp_path / "o", {f"{folder}nb.ipynb": NOTEBOOK, f"{folder}helper.py": b"1"})
    tree = {f"{DOE}2_work.zip": own.read_bytes(), f"{DOE}3_x.csv": b"2"}
    found = find_submissions([zip_of(tmp_path / "c", tree)], "hw")
    assert beside(found) == {"helper.py": b"1", "x.csv": b"2"}


@BOTH
@pytest.mark.parametrize(
    ("here", "elsewhere", "reason"),
    [
        ("x.csv", "x.csv", "x.csv lies there already"),
        ("data", "data/x.csv", "data lies there already"),
        ("data/x.csv", "data", "files lie below data already"),
    ],
)
def test_of_files_that_clash_the_nearer_one_stays(
    tmp_path: Path, write: Write, here: str, elsewhere: str, reason: str
) -> None:
    """The other is told, by its whole name."""
    tree = notebooks(f"{MOODLE}/z/nb.ipynb") | {
        f"{MOODLE}/{elsewhere}": b"elsewhere",
        f"{MOODLE}/z/{here}": b"here",
    }
    found = find_submissions([write(tmp_path / "c", tree)], "hw")
    assert beside(found) == {here: b"here"}
    assert found.submissions[0].warning == f"{elsewhere} is left out: {reason}"


def test_two_files_of_one_name_are_told(tmp_path: Path) -> None:
    """The first stays; one that is the same is no other."""
    tree = notebooks(f"{DOE}2_nb.ipynb") | {
        f"{DOE}3_x.csv": b"1",
        f"{DOE}4_x.csv": b"2",
        f"{DOE}5_x.csv": b"1",
    }
    found = find_submissions([zip_of(tmp_path / "c", tree)], "hw")
    assert beside(found) == {"x.csv": b"1"}
    assert found.submissions[0].warning == "x.csv is left out: x.csv lies there already"


@pytest.mark.parametrize("name", ["é" * 128, f"{'a' * 256}/x.csv", f"d/{'a' * 256}"])
def test_a_name_that_no_disk_takes_is_told(tmp_path: Path, name: str) -> None:
    """It could not be written beside the notebook; an archive may hold it all the same."""
    tree = notebooks(f"{MOODLE}/nb.ipynb") | {f"{MOODLE}/{name}": b"", f"{MOODLE}/y.csv": b"1"}
    found = find_submissions([zip_of(tmp_path / "c", tree)], "hw")
    assert beside(found) == {"y.csv": b"1"}
    assert found.submissions[0].warning == (
        f"{name} is left out: a part of its name is longer than 255 bytes"
    )


# ---------------------------------------------------------------- which layout


def test_one_that_does_not_fit_is_told(tmp_path: Path) -> None:
    """A layout is recognised only if all notebooks fit; one that is named leaves others out."""
    folder = folder_of(tmp_path, notebooks(f"{DOE}2_hw.ipynb", "roe_4_5_hw.ipynb", "stray.ipynb"))
    found = find_submissions([folder], "hw")
    assert not found.submissions
    assert "looks like the layout canvas" in one_error(found)
    assert "but for stray.ipynb" in one_error(found)
    named = find_submissions([folder], "hw", "canvas")
    assert names(named) == ["doejane (1)", "roe (4)"]
    assert "left out stray.ipynb" in one_error(named)
    assert len(find_submissions([folder], "hw", "folder").submissions) == 3


def test_few_that_fit_make_no_layout(tmp_path: Path) -> None:
    """A name may look like a platform's by chance, and so may a date."""
    folder_of(tmp_path / "x", notebooks(f"{DOE}2_hw.ipynb", "a.ipynb", "b.ipynb"))
    folder_of(tmp_path / "y", notebooks("2024_1_15_ann.ipynb", "hw_01_02_bob.ipynb"))
    found = find_submissions([tmp_path / "x", tmp_path / "y"], "hw")
    assert (found.layouts, found.errors) == (("folder",), ())
    assert len(found.submissions) == 5


def test_two_layouts_that_fit_are_told(tmp_path: Path) -> None:
    """With the way to say which one it is."""
    folder = folder_of(tmp_path, notebooks(f"submitted/ann/hw/{DOE}2_hw.ipynb"))
    found = find_submissions([folder], "hw")
    assert one_error(found).endswith(
        "fits the layouts nbgrader and canvas; say which one it is with --layout"
    )
    assert names(find_submissions([folder], "hw", "nbgrader")) == ["ann"]
    assert names(find_submissions([folder], "hw", "canvas")) == ["doejane (1)"]


def test_repositories_that_students_hand_in_make_no_classroom(tmp_path: Path) -> None:
    """What the names say goes first."""
    student = "Ada_1_assignsubmission_file"
    tree = notebooks(f"{student}/work/nb.ipynb") | {f"{student}/work/.git/HEAD": b""}
    found = find_submissions([folder_of(tmp_path, tree)], "hw")
    assert (names(found), found.layouts) == (["Ada (1)"], ("moodle",))


def test_paths_of_several_layouts(tmp_path: Path) -> None:
    """Each path has its own."""
    canvas = zip_of(tmp_path / "c", notebooks(f"{DOE}2_hw.ipynb"))
    moodle = zip_of(tmp_path / "m", notebooks("Ada_1_assignsubmission_file/a.ipynb"))
    found = find_submissions([moodle, canvas], "hw")
    assert names(found) == ["Ada (1)", "doejane (1)"]
    assert found.layouts == ("canvas", "moodle")


def test_a_layout_that_is_named_and_not_there(tmp_path: Path) -> None:
    """One line: what was expected, and what was found."""
    folder = folder_of(tmp_path, notebooks("a.ipynb", "b.ipynb"))
    said = one_error(find_submissions([folder], "hw", "moodle"))
    assert said.startswith(f"{folder}: expected folders or files named <Full Name>_<id>_assign")
    assert said.endswith("found a.ipynb, b.ipynb")
    with pytest.raises(UsageError, match="did you mean 'moodle'"):
        find_submissions([folder], "hw", "moodel")


# ---------------------------------------------------------------- how fast


def test_a_large_class_is_found_in_seconds(tmp_path: Path) -> None:
    """And read without looking through the archive again for each."""
    tree = {f"Ada L{i}_{i}_assignsubmission_file/nb.ipynb": NOTEBOOK for i in range(10_000)}
    path = zip_of(tmp_path / "class", tree)
    start = time.process_time()
    found = find_submissions([path], "hw")
    assert len(found.submissions) == 10_000
    assert all(s.notebook and s.notebook.read() == NOTEBOOK for s in found.submissions)
    assert time.process_time() - start < 20


@pytest.mark.parametrize("odd", ["x_{}_2_y.ipynb", "hw_x_attempt_2026-01-0{}-10-00-00_y.ipynb"])
@pytest.mark.parametrize("above", ["", "all/"])
def test_one_students_names_do_not_make_a_layout(tmp_path: Path, odd: str, above: str) -> None:
    """Students are counted, not files: many odd names in one folder are one student's."""
    hand_ins = [f"{above}{student}/hw.ipynb" for student in ("ann", "bob", "cem", "eve")]
    odd_ones = [f"{above}eve/{odd.format(number)}" for number in range(1, 9)]
    path = folder_of(tmp_path / "c", notebooks(*hand_ins, *odd_ones)) / above
    found = find_submissions([path], "hw")
    assert (names(found), found.errors) == (["ann", "bob", "cem", "eve"], ())
    assert all(submission.notebook for submission in found.submissions)
    told = find_submissions([tmp_path / "c"], "hw")
    assert told.layouts == ("folder",)
