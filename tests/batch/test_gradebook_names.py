"""Who stands where in the gradebook: names of one form, renamed and forgotten on record."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from grader.batch.gradebook import Gradebook
from grader.cli import main
from grader.errors import UsageError
from tests.batch.gradings import INFO, graded, run_of, scores_of, students_of

Capture = pytest.CaptureFixture[str]
COMPOSED, APART = "Zoë Åsa", unicodedata.normalize("NFD", "Zoë Åsa")
WHO: dict[str, Any] = {"reason": "r", "who": "w"}


@pytest.mark.parametrize("stored", [COMPOSED, APART])
@pytest.mark.parametrize("asked", [COMPOSED, APART])
def test_letters_of_any_form_are_one_name(book: Gradebook, stored: str, asked: str) -> None:
    """Whatever form stands in the database, and whatever the keyboard makes."""
    run = run_of(book, graded(stored, predict=1.0))
    number = book.adjust("tiny", asked, "add", 2, **WHO)
    assert [each.id for each in book.adjustments("tiny", asked)] == [number]
    assert scores_of(book) == {COMPOSED: 7.0}
    assert students_of(book.results(run)) == students_of(book.class_results("tiny")) == [COMPOSED]
    assert book.results(run)[0].score == 7.0
    assert len(book.attempts("tiny", asked)) == 1
    run_of(book, graded(COMPOSED if stored == APART else APART, "d2"))
    assert list(scores_of(book)) == [COMPOSED]
    assert len(book.attempts("tiny", asked)) == 2


def test_a_student_is_renamed(book: Gradebook) -> None:
    """Results, attempts and adjustments of before follow, whoever is graded since."""
    run_of(book, graded("ann/hw", predict=1.0), graded("bob"))
    book.adjust("tiny", "ann/hw", "add", 3, **WHO)
    last = run_of(book, graded("ann", "d2", predict=2.0))
    assert scores_of(book) == {"ann": 6.0, "ann/hw": 8.0, "bob": 10.0}
    book.rename("tiny", "ann/hw", "ann", **WHO)
    assert scores_of(book) == {"ann": 9.0, "bob": 10.0}
    assert scores_of(book, "best") == scores_of(book)
    assert len(book.attempts("tiny", "ann")) == 2
    assert book.attempts("tiny", "ann/hw") == book.attempts("tiny", "ann")
    assert [each.points for each in book.adjustments("tiny", "ann")] == [3.0]
    assert [(r.student, r.score) for r in book.results(last)] == [("ann", 9.0)]
    assert students_of(book.class_results("tiny")) == ["ann", "bob"]
    assert book.compare(1, last).only_before == ("bob",)
    book.rename("tiny", "ann", "anna", **WHO)
    assert list(scores_of(book)) == ["anna", "bob"]
    book.rename("tiny", "anna", "ann", **WHO)
    assert scores_of(book) == {"ann": 9.0, "bob": 10.0}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("anm", "x", "did you mean 'ann'"),
        ("ann", "ann", "another name"),
        ("ann", " ", "another name"),
        ("eve", "was", "'was' in tiny was renamed to 'bob' before"),
    ],
)
def test_a_name_that_cannot_be(book: Gradebook, old: str, new: str, said: str) -> None:
    """One line, and nothing has changed."""
    run_of(book, graded("ann"), graded("was"), graded("eve"))
    book.rename("tiny", "was", "bob", **WHO)
    with pytest.raises(UsageError, match=said):
        book.rename("tiny", old, new, **WHO)
    assert list(scores_of(book)) == ["ann", "bob", "eve"]


def test_a_student_is_forgotten(book: Gradebook) -> None:
    """Not listed any more, but on record; listed again with all once graded again."""
    run_of(book, graded("ann"), graded("README", predict=0.0))
    book.adjust("tiny", "README", "add", 1, **WHO)
    book.forget("tiny", "README", **WHO)
    assert scores_of(book) == {"ann": 10.0}
    assert students_of(book.class_results("tiny")) == ["ann"]
    assert len(book.attempts("tiny", "README")) == len(book.adjustments("tiny", "README")) == 1
    run_of(book, graded("ann"))
    assert scores_of(book) == {"ann": 10.0}
    run_of(book, graded("README", predict=1.0))
    assert scores_of(book) == {"README": 6.0, "ann": 10.0}
    with pytest.raises(UsageError, match="no student"):
        book.forget("tiny", "nobody", **WHO)


@pytest.mark.parametrize(
    ("recorded", "given", "found"),
    [
        ({"ann/hw": "subs/ann/hw.ipynb"}, {"ann": "subs/ann/hw.ipynb"}, [("ann/hw", "ann")]),
        ({"ann/hw": "ann/hw.ipynb"}, {"ann": "subs/ann/hw.ipynb"}, [("ann/hw", "ann")]),
        ({"ann/hw": "../x/ann/hw.ipynb"}, {"ann": "/t/x/ann/hw.ipynb"}, [("ann/hw", "ann")]),
        ({"ann/hw": "./ann/hw.ipynb"}, {"ann": "ann/hw.ipynb"}, [("ann/hw", "ann")]),
        ({"c": "x/c.ipynb"}, {"x": "x/c.ipynb"}, [("c", "x")]),
        ({"ann": "a/ann/hw.ipynb"}, {"ann": "a/ann/hw.ipynb"}, []),
        (
            {"ann/hw": "a/ann/hw.ipynb", "ann": "y/z"},
            {"ann": "a/ann/hw.ipynb"},
            [("ann/hw", "ann")],
        ),
        ({"bob": "a/bob/hw.ipynb"}, {"ann": "a/ann/hw.ipynb"}, []),
        ({"ann": "b/hw.ipynb"}, {"bob": "a/hw.ipynb", "ann": "b/hw.ipynb"}, []),
        ({"ann": "hw.ipynb"}, {"hw": "a/hw.ipynb"}, []),
        ({"bob/hw": "s/bob/hw.ipynb"}, {"bob": "s/bob"}, [("bob/hw", "bob")]),
        ({"bob/hw": "bob/hw.ipynb"}, {"bob": "/t/s/bob"}, [("bob/hw", "bob")]),
        ({"bob/nb": "s/bob/x/nb.ipynb"}, {"bob": "s/bob/hw.ipynb"}, [("bob/nb", "bob")]),
        ({"nb": "s/bob/nb.ipynb"}, {"bob": "other/bob/hw.ipynb"}, []),
        ({"eve": "s/eve.ipynb"}, {"bob": "s/bob.ipynb"}, []),
        ({"Å": "s/Å.ipynb"}, {unicodedata.normalize("NFD", "Å"): "s/Å.ipynb"}, []),
        (
            {"ann/hw": "s/ann/hw.ipynb", "bob/hw": "s/bob/hw.ipynb"},
            {"ann": "s/ann/hw.ipynb", "bob": "s/bob/hw.ipynb"},
            [("ann/hw", "ann"), ("bob/hw", "bob")],
        ),
    ],
)
def test_one_notebook_under_two_names_is_found(
    book: Gradebook, recorded: dict[str, str], given: dict[str, str], found: list[tuple[str, str]]
) -> None:
    """By its path, unless the other student is in the class, too."""
    run_of(book, *(graded(name, path=path) for name, path in recorded.items()))
    assert [each[:2] for each in book.two_names("tiny", given)] == found
    for old, new in found:
        book.rename("tiny", old, new, **WHO)
    assert book.two_names("tiny", given) == []


def test_names_on_the_command_line(where: str, capsys: Capture) -> None:
    """Renamed and forgotten, with what is so now; a line where it cannot be."""
    with Gradebook.open(where) as book:
        run_of(book, graded("ann/hw", predict=1.0), graded("x\x1b[31m"), info=INFO)
    base = ["gradebook", "--gradebook", where]
    assert main([*base, "rename", "tiny", "ann/hw", "ann"]) == 0
    assert main([*base, "forget", "tiny", "x\x1b[31m", "--reason", "no student"]) == 0
    assert main([*base, "rename", "tiny", "anm", "b"]) == 2
    out, err = capsys.readouterr()
    assert "ann/hw is ann in tiny from now on: ann has 5 of 10 points" in out
    assert "x[31m is no longer listed in tiny; the next `grader grade` removes the page" in out
    assert err == "grader: no student 'anm' in tiny; did you mean 'ann'?\n"
    assert main([*base, "list", "tiny"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]] == ["ann"]


# ---------------------------------------------------------------- what platforms say


def test_what_is_late_is_kept(where: str, capsys: Capture) -> None:
    """Shown with attempts, in results and in tables; it changes no score."""
    with Gradebook.open(where) as book:
        run = run_of(book, graded("ann", late=True), graded("bob", handed_in="2026-03-01T10:00:00"))
        assert scores_of(book) == {"ann": 10.0, "bob": 10.0}
        for results in (book.results(run), book.class_results("tiny")):
            told = [(r.student, r.late, r.handed_in) for r in results]
            assert told == [("ann", True, ""), ("bob", False, "2026-03-01T10:00:00")]
        assert [each.late for each in book.attempts("tiny", "ann")] == [True]
    base = ["gradebook", "--gradebook", where]
    assert main([*base, "attempts", "tiny", "ann"]) == 0
    assert "  late  ann.ipynb" in capsys.readouterr().out
    assert main([*base, "export", "tiny"]) == 0
    head, ann, bob = capsys.readouterr().out.splitlines()
    assert head.startswith("student,status,score,max_score,graded,adjusted,handed_in,late,run,")
    assert ann.startswith("ann,graded,10,10,10,0,,yes,1,")
    assert bob.startswith("bob,graded,10,10,10,0,2026-03-01T10:00:00,,1,")
