"""Hostile and damaged archives: each is told in a line, nothing is written, the rest goes on."""

import contextlib
import os
import pickle
import re
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import SubmissionError, UnreachableError
from grader.layouts import AUTO, LAYOUTS, find_submissions
from grader.layouts.archives import MAX_INNER_MEMBERS, MAX_OWN_BYTES
from grader.submission import MAX_NOTEBOOK_BYTES
from tests.layouts.trees import NOTEBOOK, no_more_files, zip_members, zip_of

GOOD = zipfile.ZipInfo("good_1_2_hw.ipynb")


def member(name: str, **attributes: int) -> zipfile.ZipInfo:
    """Return a member's description."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    for attribute, value in attributes.items():
        setattr(info, attribute, value)
    return info


def told(path: Path) -> list[str]:
    """Return what is told of an archive in which the good notebook is found all the same."""
    found = find_submissions([path], "hw")
    good = next(submission for submission in found.submissions if submission.student == "good (1)")
    assert good.notebook
    assert good.notebook.read() == NOTEBOOK
    assert not any("\n" in str(error) for error in found.errors)
    others = [submission for submission in found.submissions if submission is not good]
    assert all(submission.notebook is None and submission.problem for submission in others)
    return [str(error).removeprefix(f"{path}/") for error in found.errors]


@pytest.mark.parametrize(
    "name",
    [
        "../evil_3_4_hw.ipynb",
        "a/../../evil_3_4_hw.ipynb",
        "/etc/evil_3_4_hw.ipynb",
        "C:/evil_3_4_hw.ipynb",
        "..\\evil_3_4_hw.ipynb",
        "x/evil_3_4\\hw.ipynb",
        "\\evil_3_4_hw.ipynb",
        "\\\\server\\share\\evil_3_4_hw.ipynb",
        "C:\\evil_3_4_hw.ipynb",
        "a\\..\\..\\evil_3_4_hw.ipynb",
        "a/" * 70 + "evil_3_4_hw.ipynb",
        "_1_2_a" * 1_000 + ".ipynb",
    ],
)
def test_names_that_lead_out(tmp_path: Path, name: str) -> None:
    """They are no names of a platform's."""
    path = zip_members(tmp_path / "c.zip", [(member(name), NOTEBOOK), (GOOD, NOTEBOOK)])
    assert told(path) == [f"{name}: left out: its name is not a plain relative path"]


@pytest.mark.parametrize(
    ("layout", "name", "student"),
    [
        ("moodle", "Ada_1_assignsubmission_file_../notebook.ipynb", "Ada (1)"),
        ("moodle", "Ada_1_assignsubmission_file_./notebook.ipynb", "Ada (1)"),
        ("moodle", "Ada_1_assignsubmission_file_..", "Ada (1)"),
        ("moodle", "Ada_1_assignsubmission_file_C:x.ipynb", "Ada (1)"),
        ("canvas", "doe_12_35_..", "doe (12)"),
        ("canvas", "doe_12_35_.", "doe (12)"),
        ("canvas", "doe_12_35_C:x.ipynb", "doe (12)"),
    ],
)
def test_names_that_lead_out_once_the_platforms_part_is_cut_off(
    tmp_path: Path, layout: str, name: str, student: str
) -> None:
    """Whole they are plain. The student is not lost."""
    path = zip_members(tmp_path / "c.zip", [(member(name), NOTEBOOK)])
    found = find_submissions([path], "hw", layout)
    assert [str(error) for error in found.errors] == [
        f"{path}/{name}: left out: its name is not a plain relative path"
    ]
    (submission,) = found.submissions
    assert (submission.student, submission.notebook, submission.files) == (student, None, ())


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """Its student is not lost."""
    link = member("evil_3_4_hw.ipynb", external_attr=0o120777 << 16, create_system=3)
    path = zip_members(tmp_path / "c.zip", [(link, b"/etc/passwd"), (GOOD, NOTEBOOK)])
    assert told(path) == ["evil_3_4_hw.ipynb: left out: a link, not a file"]


def test_bombs_are_not_unpacked(tmp_path: Path) -> None:
    """Neither those that say how large they are nor those that are packed absurdly small."""
    path = tmp_path / "c.zip"
    zip_members(
        path,
        [
            (member("large_3_4_hw.ipynb"), bytes(MAX_NOTEBOOK_BYTES + 1)),
            (member("dense_5_6_hw.ipynb"), bytes(MAX_NOTEBOOK_BYTES // 2)),
            (GOOD, NOTEBOOK),
        ],
    )
    large, dense = told(path)
    assert large == "large_3_4_hw.ipynb: left out: it unpacks to 100 MB, at most 100 MB are read"
    assert dense.startswith("dense_5_6_hw.ipynb: left out: it unpacks to 50 MB from ")


def patched(path: Path, offset: int, layout: str, value: int) -> None:
    """Change a number in the first line of an archive's directory."""
    data = bytearray(path.read_bytes())
    struct.pack_into(layout, data, data.index(b"PK\x01\x02") + offset, value)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("offset", "layout", "value", "said"),
    [(8, "<H", 1, "it is encrypted"), (10, "<H", 99, "a method that is not known (99)")],
)
def test_what_cannot_be_unpacked(
    tmp_path: Path, offset: int, layout: str, value: int, said: str
) -> None:
    """An encrypted member, and one packed by another method."""
    other = member("other_3_4_hw.ipynb")
    path = zip_members(tmp_path / "c.zip", [(other, NOTEBOOK), (GOOD, NOTEBOOK)])
    patched(path, offset, layout, value)
    (line,) = told(path)
    assert line.startswith("other_3_4_hw.ipynb: left out: ")
    assert said in line


@pytest.mark.parametrize(
    ("offset", "layout", "value"), [(24, "<I", 5), (16, "<I", 0), (42, "<I", 7)]
)
def test_what_lies_about_itself_is_told_when_it_is_read(
    tmp_path: Path, offset: int, layout: str, value: int
) -> None:
    """A size that is too small, another check sum, another place."""
    other = member("other_3_4_hw.ipynb")
    path = zip_members(tmp_path / "c.zip", [(GOOD, NOTEBOOK), (other, NOTEBOOK)])
    patched(path, offset, layout, value)
    good, other_one = find_submissions([path], "hw").submissions
    assert good.notebook
    with pytest.raises(SubmissionError, match="damaged") as said:
        good.notebook.read()
    assert not isinstance(said.value, UnreachableError)
    assert other_one.notebook
    assert other_one.notebook.read() == NOTEBOOK


@pytest.mark.parametrize("damaged", [b"", b"PK", b"<!doctype html>", b"PK\x05\x06" + bytes(10)])
def test_an_archive_that_is_none(tmp_path: Path, damaged: bytes) -> None:
    """One line, with what to do."""
    path = tmp_path / "c.zip"
    path.write_bytes(damaged)
    found = find_submissions([path], "hw")
    assert [str(error) for error in found.errors] == [
        f"{path}: the zip archive is damaged, or none at all; download it again"
    ]


def test_an_archive_cut_off_anywhere(tmp_path: Path) -> None:
    """Whatever is left of a download."""
    whole = zip_members(tmp_path / "w.zip", [(member(GOOD.filename), NOTEBOOK)]).read_bytes()
    path = tmp_path / "c.zip"
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        found = find_submissions([path], "hw")
        assert len(found.errors) == 1
        assert not found.submissions


def test_an_archive_that_has_changed_since(tmp_path: Path) -> None:
    """It is not read on from where something else stands now."""
    path = zip_of(tmp_path / "c", {GOOD.filename: NOTEBOOK})
    (good,) = find_submissions([path], "hw").submissions
    other = pickle.loads(pickle.dumps(good))  # noqa: S301 - as another process gets it
    assert other.notebook.read() == NOTEBOOK
    zip_of(tmp_path / "c", {"x": b"x"})
    for number in range(5):  # so many archives are held open, and no more
        find_submissions([zip_of(tmp_path / str(number), {GOOD.filename: NOTEBOOK})], "hw")
    assert good.notebook
    with pytest.raises(UnreachableError, match="has changed"):
        good.notebook.read()
    path.unlink()
    with pytest.raises(UnreachableError, match="cannot be read"):
        good.notebook.read()


def test_an_archive_that_changes_while_it_is_open(tmp_path: Path) -> None:
    """It looks damaged, and another time it may not be."""
    path = zip_of(tmp_path / "c", {GOOD.filename: NOTEBOOK})
    (good,) = find_submissions([path], "hw").submissions
    path.write_bytes(bytes(path.stat().st_size + 1))
    assert good.notebook
    with pytest.raises(UnreachableError, match="has changed"):
        good.notebook.read()


def test_an_archive_that_cannot_be_opened_now(tmp_path: Path) -> None:
    """Too many files are open: another time they are fewer."""
    path = zip_of(tmp_path / "c", {GOOD.filename: NOTEBOOK})
    (good,) = find_submissions([path], "hw").submissions
    for number in range(5):  # so that it is held open no longer
        find_submissions([zip_of(tmp_path / str(number), {GOOD.filename: NOTEBOOK})], "hw")
    assert good.notebook
    with no_more_files(), pytest.raises(UnreachableError, match="cannot be read: Too many open"):
        good.notebook.read()
    assert good.notebook.read() == NOTEBOOK


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_bytes_that_cannot_be_unpacked_are_damaged(tmp_path: Path, packing: int) -> None:
    """Whatever exception the packing's library has for it: they will be the same another time."""
    path = zip_members(
        tmp_path / "c.zip", [(member(GOOD.filename, compress_type=packing), NOTEBOOK)]
    )
    data = bytearray(path.read_bytes())
    start = 30 + len(GOOD.filename)
    data[start : start + 40] = b"\xff" * 40
    path.write_bytes(data)
    (good,) = find_submissions([path], "hw").submissions
    assert good.notebook
    with pytest.raises(SubmissionError, match="damaged here") as said:
        good.notebook.read()
    assert not isinstance(said.value, UnreachableError)


@pytest.mark.parametrize("name", ["Ζωή_3_4_hw.ipynb", "李雷_3_4_hw.ipynb", "Zoë_3_4_hw.ipynb"])
def test_names_in_utf_8_that_do_not_say_so(tmp_path: Path, name: str) -> None:
    """As many programs write them."""
    path = zip_members(tmp_path / "c.zip", [(member(name), NOTEBOOK)])
    data = path.read_bytes()
    for signature, offset in (b"PK\x03\x04", 6), (b"PK\x01\x02", 8):
        at = data.index(signature) + offset
        data = data[:at] + b"\0\0" + data[at + 2 :]
    path.write_bytes(data)
    (submission,) = find_submissions([path], "hw").submissions
    assert submission.student == f"{name.split('_', 1)[0]} (3)"
    assert submission.notebook
    assert submission.notebook.read() == NOTEBOOK


def test_names_in_an_old_code_page(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are read as the format's standard says."""
    path = zip_members(tmp_path / "c.zip", [(member("Zo~_3_4_hw.ipynb"), NOTEBOOK)])
    path.write_bytes(path.read_bytes().replace(b"Zo~", b"Zo\x89"))
    (submission,) = find_submissions([path], "hw").submissions
    assert submission.student == "Zoë (3)"


def test_a_students_own_archive_is_taken_with_the_same_care(tmp_path: Path) -> None:
    """A bomb in it, a name that leads out, too many members."""
    bomb = zip_members(tmp_path / "b", [(member("nb.ipynb"), bytes(2**26))]).read_bytes()
    out = zip_members(tmp_path / "o", [(member("../x.ipynb"), b"{}"), (member("a.ipynb"), b"{}")])
    many = zip_of(tmp_path / "m", {f"{i}.txt": b"" for i in range(MAX_INNER_MEMBERS + 1)})
    tree = {
        "bo_1_2_w.zip": bomb,
        "moe_3_4_w.zip": many.read_bytes(),
        "zoe_5_6_w.zip": out.read_bytes(),
    }
    with (tmp_path / "noe_7_8_w.zip").open("wb") as file:
        file.truncate(MAX_OWN_BYTES + 1)
    (noe,) = find_submissions([tmp_path / "noe_7_8_w.zip"], "hw").submissions
    assert "w.zip: the archive has 50 MB, at most 50 MB are looked into" in noe.problem
    bo, moe, zoe = find_submissions([zip_of(tmp_path / "class", tree)], "hw").submissions
    assert "w.zip/nb.ipynb: it unpacks to 64 MB from" in bo.problem
    assert f"w.zip: the archive has more than {MAX_INNER_MEMBERS} members" in moe.problem
    assert zoe.notebook
    assert zoe.notebook.name == "w.zip/a.ipynb"
    assert "w.zip: 1 of its members are left out" in zoe.warning


# ---------------------------------------------------------------- whatever an archive holds

ODD = ["..", ".", "", "C:", "\\", "é", "e\u0301", "\0", "\n", ".git", "a", "hw"]
CUT = ["x_1_2_..", "x_1_2_C:", "A_1_assignsubmission_file_..", "A_1_assignsubmission_file_."]
OURS = ["submitted", "x_1_2_y", "A B_1_assignsubmission_file_", "hw-submissions", "hw-ann", *CUT]
EXPORT = ["assignment_1_export", "submission_1"]
PIECES = st.sampled_from([*ODD, *OURS, *EXPORT])
ENDINGS = st.sampled_from(["", ".ipynb", ".zip", "/", "submission_metadata.yml", "timestamp.txt"])
NAMES = st.builds(
    "{}{}".format, st.lists(PIECES | st.text(max_size=5), max_size=5).map("/".join), ENDINGS
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(NAMES, max_size=6),
    content=st.sampled_from([NOTEBOOK, b"", b"submission_1:\n  :submitters: 3\n", b"PK\x05\x06"]),
    layout=st.sampled_from([AUTO, *LAYOUTS]),
    attributes=st.sampled_from([0, 0o120777 << 16, 0o010644 << 16, 0xFFFFFFFF]),
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_whatever_an_archive_holds(
    tmp_path: Path, names: list[str], content: bytes, layout: str, attributes: int
) -> None:
    """Nothing outside is touched, and what is wrong is one line."""
    folder = tmp_path / "work"
    folder.mkdir(exist_ok=True)
    members = []
    for name in names:
        with contextlib.suppress(UnicodeError):
            name.encode()
            members.append((member(name, external_attr=attributes), content))
    path = zip_members(folder / "class.zip", members)
    before = sorted(os.walk(tmp_path))
    found = find_submissions([path], "hw", layout)
    lines = [str(error) for error in found.errors]
    for submission in found.submissions:
        lines += [submission.student, submission.path, submission.problem, submission.warning]
        for entry in filter(None, (submission.notebook, *submission.files)):
            assert not {"..", ".", ""} & set(entry.name.split("/"))
            assert "\\" not in entry.name
            assert not re.match("[A-Za-z]:", entry.name)
            with contextlib.suppress(SubmissionError):
                assert len(entry.read()) == entry.size
    assert not any({"\n", "\r", "\0"} & set(line) for line in lines)
    assert len({submission.student for submission in found.submissions}) == len(found.submissions)
    assert sorted(os.walk(tmp_path)) == before


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_has_become_of_an_archive(tmp_path: Path, data: st.DataObject) -> None:
    """Bytes that were changed anywhere make a line, and no other exception."""
    tree = {"good_1_2_hw.ipynb": NOTEBOOK, "é_3_4_w.zip": b"PK", "x_5_6_d.csv": b"1" * 50}
    path = zip_of(tmp_path / "c", tree)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    for submission in find_submissions([path], "hw").submissions:
        for entry in filter(None, (submission.notebook, *submission.files)):
            with contextlib.suppress(SubmissionError):
                entry.read()


# ---------------------------------------------------------------- names from Windows

ON_WINDOWS = pytest.mark.parametrize("system", [0, 10, 14, 3])


@ON_WINDOWS
@pytest.mark.parametrize(
    ("layout", "tree", "expected"),
    [
        ("folder", ["ann\\hw.ipynb", "ann\\x.csv", "bob\\src\\hw.ipynb"], {"ann": 1, "bob": 0}),
        ("folder", ["c\\ann.ipynb", "c\\bob.ipynb"], {"ann": 0, "bob": 0}),
        ("folder", ["ann\\", "ann\\hw.ipynb", "bob\\"], {"ann": 0, "bob": None}),
        ("moodle", ["Ada_1_assignsubmission_file\\hw.ipynb"], {"Ada (1)": 0}),
        ("moodle", ["x\\Ada_1_assignsubmission_file\\a\\hw.ipynb"], {"Ada (1)": 0}),
        ("nbgrader", ["submitted\\ann\\hw\\hw.ipynb", "submitted\\ann\\hw\\x.csv"], {"ann": 1}),
        ("canvas", ["sub\\doe_1_2_hw.ipynb", "sub\\doe_1_3_x.csv"], {"doe (1)": 1}),
        ("classroom", ["hw-submissions\\hw-ann\\hw.ipynb"], {"ann": 0}),
        ("blackboard", ["g\\hw_ann_attempt_2026-03-01-10-00-00_hw.ipynb"], {"ann": 0}),
        ("folder", ["Zoë\\hw.ipynb"], {"Zoë": 0}),
        (
            "folder",
            ["__MACOSX\\._x", "ann\\.ipynb_checkpoints\\x.ipynb", "ann\\a.ipynb"],
            {"ann": 0},
        ),
    ],
)
def test_names_with_backslashes_are_read_like_any(
    tmp_path: Path, system: int, layout: str, tree: list[str], expected: dict[str, int | None]
) -> None:
    """Whatever program on Windows has packed it, in each layout."""
    members = [(member(n, create_system=system), NOTEBOOK + n.encode()) for n in tree]
    found = find_submissions([zip_members(tmp_path / "c.zip", members)], "hw")
    assert (found.errors, found.layouts) == ((), (layout,))
    told = {s.student: len(s.files) if s.notebook else None for s in found.submissions}
    assert told == expected


@ON_WINDOWS
@pytest.mark.parametrize(
    "name",
    [
        "..\\..\\x.ipynb",
        "a\\..\\..\\x.ipynb",
        "C:\\x.ipynb",
        "\\x.ipynb",
        "\\\\srv\\c\\x.ipynb",
        "a\\.\\..\\x.ipynb",
    ],
)
def test_backslashes_that_lead_out(tmp_path: Path, system: int, name: str) -> None:
    """They are refused as ever, of the class's archive and of a student's own."""
    members = [(member(n, create_system=system), NOTEBOOK) for n in (name, "bo\\hw.ipynb")]
    path = zip_members(tmp_path / "c.zip", members)
    found = find_submissions([path], "hw")
    assert [s.student for s in found.submissions] == ["bo"]
    (error,) = found.errors
    assert str(error).endswith("left out: its name is not a plain relative path")
    folder = tmp_path / "class" / "ann"
    folder.mkdir(parents=True)
    path.rename(folder / "own.zip")
    (ann,) = find_submissions([folder.parent], "hw").submissions
    assert ann.notebook
    assert ann.notebook.name == "own.zip/bo/hw.ipynb"
    assert "1 of its members are left out" in ann.warning


def test_a_backslash_beside_slashes_is_none(tmp_path: Path) -> None:
    """On other systems it is a letter of a name, which no layout of ours takes."""
    path = zip_members(
        tmp_path / "c.zip", [(member("a/hw.ipynb"), b"{}"), (member("b\\c.ipynb"), b"")]
    )
    (error,) = find_submissions([path], "hw").errors
    assert "not a plain relative path" in str(error)
