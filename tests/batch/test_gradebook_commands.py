"""`grader gradebook` as a user runs it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.batch.gradebook import Gradebook
from grader.cli import main
from grader.commands.gradebook import as_cell
from grader.course import private_folder
from grader.reporting.words import visible
from tests.batch.gradings import INFO, OTHER_KEY, graded, run_of

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("GRADER_GRADEBOOK", raising=False)


@pytest.fixture
def filled(where: str) -> str:
    """Return where a gradebook of two runs is."""
    with Gradebook.open(where) as book:
        run_of(book, graded("ann", handed_in="2026-03-01T10:00:00+02:00"), graded("bob"))
        run_of(book, graded("bob", predict=2.0), graded("eve", status="unreadable"), info=OTHER_KEY)
    return where


def lines(capsys: Capture) -> list[list[str]]:
    """Return what was printed, as the words of each line."""
    captured = capsys.readouterr()
    assert captured.err == ""
    return [line.split() for line in captured.out.splitlines()]


def run(filled: str, command: str, *arguments: str) -> int:
    """Run a command of the gradebook."""
    return main(["gradebook", command, "--gradebook", filled, *arguments])


# ---------------------------------------------------------------- where


def test_the_gradebook_is_the_courses(tmp_path: Path, capsys: Capture) -> None:
    """Unless another one is named; with no command it is listed."""
    for name in ("assignments", "reference", "assignments/tiny"):
        (tmp_path / name).mkdir()
    path = private_folder(tmp_path) / "gradebook.sqlite"
    with Gradebook.open(path) as book:
        run_of(book, graded("ann", predict=4.0))
    below = str(tmp_path / "assignments" / "tiny")
    assert main(["gradebook", "--course", below]) == 0
    first = lines(capsys)
    assert first[1][:4] == ["tiny", "1", "80", "%"]
    assert main(["gradebook", "list", "--course", below]) == 0
    assert main(["gradebook", "--course", below, "list"]) == 0
    assert lines(capsys) == first * 2
    assert (path.parent / ".gitignore").read_text() == "*\n"


def test_the_environment_may_name_it(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """For all commands; an option counts for more."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRADER_GRADEBOOK", filled)
    assert main(["gradebook", "list", "tiny"]) == 0
    assert len(lines(capsys)) == 4
    assert main(["gradebook", "list", "--gradebook", str(tmp_path / "none.sqlite")]) == 2
    assert "none.sqlite: no gradebook there yet" in capsys.readouterr().err
    assert not (tmp_path / "none.sqlite").exists()


def test_it_is_quick_to_say_what_it_can_do() -> None:
    """`--help` waits neither for the database nor for the terminal's tables."""
    probe = (
        "import sys, grader.cli\n"
        "grader.cli.main(['gradebook', 'adjust', '--help'])\n"
        "print([name for name in ('sqlalchemy', 'msgspec', 'rich') if name in sys.modules])"
    )
    command = [sys.executable, "-c", probe]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "--reason" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


# ---------------------------------------------------------------- showing


def test_scores_are_listed(filled: str, capsys: Capture) -> None:
    """A line for each student: points, share, when, and what is special."""
    run(filled, "adjust", "tiny", "ann", "--add", "1.5", "--reason", "bonus", "--beyond")
    capsys.readouterr()
    assert run(filled, "list", "tiny") == 0
    _, ann, bob, eve = lines(capsys)
    assert " ".join(ann) == "ann 11.5 10 115 % +1.5 points 2026-03-01 08:00 1"
    assert bob[:5] == ["bob", "6", "10", "60", "%"]
    assert eve[:2] == ["eve", "0"]
    assert eve[-2:] == ["not", "readable"]


def test_the_best_hand_in_may_count(where: str, capsys: Capture) -> None:
    """By policy; and a failure of the grader's on a later one is said."""
    with Gradebook.open(where) as book:
        run_of(book, graded("ann", "d1"), graded("bob"))
        run_of(book, graded("ann", "d2", predict=1.0), graded("bob", "d2", status="not_graded"))
    assert run(where, "list", "tiny", "--policy", "best") == 0
    _, ann, bob = lines(capsys)
    assert ann[1] == "10"
    assert " ".join(bob).endswith("a later hand-in could not be graded")
    assert run(where, "list", "tiny") == 0
    assert lines(capsys)[1][1] == "5"


def test_runs_are_listed(filled: str, capsys: Capture) -> None:
    """Of one assignment or of all."""
    with Gradebook.open(filled) as book:
        run_of(book, graded("ann"), info=replace(INFO, assignment="other", key_digest="k3"))
    assert run(filled, "runs", "tiny") == 0
    _, first, second = lines(capsys)
    assert (first[:2], first[4:]) == (
        ["1", "tiny"],
        [*["finished", "2", "0", "ada", "on", "lab", "0.1.0", "2.3", "k1"]],
    )
    assert second[-1] == "k2"
    assert run(filled, "runs") == 0
    assert [words[1] for words in lines(capsys)] == ["Assignment", "tiny", "tiny", "other"]


def test_everything_of_a_student_is_shown(filled: str, capsys: Capture) -> None:
    """Hand-ins, their gradings, and adjustments with what became of them."""
    adjust = ("adjust", "tiny", "bob", "--reason", "the case was wrong", "--who", "bea")
    assert run(filled, *adjust, "--set", "6", "--question", "predict") == 0
    assert run(filled, *adjust, "--add", "-2") == 0
    assert run(filled, "withdraw", "1", "--reason", "it was not", "--who", "ada") == 0
    printed = capsys.readouterr().out
    assert "Adjustment 1: bob has 10 of 10 points in tiny" in printed
    assert "Adjustment 2: bob has 8 of 10 points in tiny" in printed
    assert "Adjustment 1 is withdrawn" in printed
    assert run(filled, "attempts", "tiny", "bob") == 0
    text = [" ".join(words) for words in lines(capsys)]
    assert text[0].startswith("d1 first seen 2")
    assert text[0].endswith("bob.ipynb")
    assert text[2].endswith("graded 10 10 1.5 1 k1")
    assert text[3].endswith("graded 6 10 1.5 2 k2")
    assert text[6].startswith("1 predict: set to 6 the case was wrong bea 2")
    assert "it was not (ada, 2" in text[6]
    assert text[7].startswith("2 −2 points the case was wrong bea")


@pytest.mark.parametrize("runs", [("1", "2"), ("2",)])
def test_two_runs_are_compared(runs: tuple[str, ...], filled: str, capsys: Capture) -> None:
    """A line that sums up, then each student; with one run, the one before it is the other."""
    assert run(filled, "compare", *runs) == 0
    summary, circumstances, _, bob = [" ".join(words) for words in lines(capsys)]
    assert summary == (
        "1 score changed, all on `predict`; 1 student only in run 1; 1 student only in run 2"
    )
    assert circumstances == "assignment, cases, reference, support or limits differ"
    assert bob == "bob 10 6 −4 points predict 6 → 2"


def test_what_else_was_not_the_same_is_told(where: str, capsys: Capture) -> None:
    """Versions and the like, which may be why."""
    newer = {"numpy": "2.4", "sandbox": "A", "python": "3.14"}
    with Gradebook.open(where) as book:
        run_of(book, graded("ann"))
        run_of(book, graded("ann"), info=replace(OTHER_KEY, environment=newer))
        run_of(book, graded("ann"), info=replace(OTHER_KEY, environment=newer))
    assert run(where, "compare", "2") == 0
    assert [" ".join(words) for words in lines(capsys)] == [
        "0 scores changed",
        "numpy: 2.3 → 2.4",
        "python: – → 3.14",
    ]
    assert run(where, "compare", "3") == 0
    assert lines(capsys) == [["0", "scores", "changed"]]


def test_what_changed_but_the_score_is_summed_up_apart(where: str, capsys: Capture) -> None:
    """Who has a grade in one run only, and whose points have moved between questions."""
    with Gradebook.open(where) as book:
        run_of(
            book,
            graded("ann"),
            graded("bob", sigmoid=3.0, predict=4.0),
            graded("eve", status="unreadable"),
        )
        run_of(
            book,
            graded("ann", predict=1.0, sigmoid=1.0),
            graded("bob", sigmoid=4.0, predict=3.0),
            graded("eve"),
            info=OTHER_KEY,
        )
    assert run(where, "compare", "2") == 0
    summary, _, _, ann, bob, eve = [" ".join(words) for words in lines(capsys)]
    assert summary == (
        "1 score changed, on `sigmoid`, `predict`; 1 student with another status; "
        "1 student with the same score otherwise"
    )
    assert ann == "ann 10 2 −8 points sigmoid 4 → 1, predict 6 → 1"
    assert bob == "bob 7 7 0 points sigmoid 3 → 4, predict 4 → 3"
    assert eve == "eve not readable 10"


# ---------------------------------------------------------------- export


EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\x1b[31m=1", 'a "b", c', "Zoë"]


def test_csv_is_safe_to_open(where: str, tmp_path: Path) -> None:
    """No name is a formula, and every line has all columns."""
    with Gradebook.open(where) as book:
        run_of(
            book, *(graded(name, predict=1 / 3) for name in EVIL), graded("x", status="unreadable")
        )
        book.adjust("tiny", "Zoë", "add", 2.5, reason="r", who="w")
    out = tmp_path / "reports" / "scores.csv"
    assert run(where, "export", "tiny", "--out", str(out)) == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text())))
    names = {row["student"] for row in rows}
    assert names == {
        *("'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "'=1", "[31m=1", 'a "b", c', "Zoë", "x")
    }
    zoe = next(row for row in rows if row["student"] == "Zoë")
    assert (zoe["score"], zoe["graded"], zoe["adjusted"]) == ("6.833333333", "4.333333333", "2.5")
    assert (zoe["question:sigmoid"], zoe["max_score"]) == ("4", "10")
    assert next(row for row in rows if row["student"] == "x")["question:sigmoid"] == ""


def test_json_says_all(filled: str, capsys: Capture) -> None:
    """Names as they are, items and adjustments too."""
    bonus = ("--reason", "bonus", "--who", "ada", "--beyond")
    run(filled, "adjust", "tiny", "ann", "--add", "1", *bonus)
    capsys.readouterr()
    assert run(filled, "export", "tiny", "--format", "json", "--policy", "best") == 0
    content = json.loads(capsys.readouterr().out)
    assert (content["assignment"], content["policy"]) == ("tiny", "best")
    ann = content["scores"][0]
    assert (ann["student"], ann["score"], ann["standing"]["digest"]) == ("ann", 11.0, "d1")
    assert [item["name"] for item in ann["items"]] == ["sigmoid", "predict"]
    assert ann["adjustments"][0]["reason"] == "bonus"


def test_where_an_export_cannot_be_written(filled: str, tmp_path: Path, capsys: Capture) -> None:
    """One line."""
    (tmp_path / "file").write_text("")
    assert run(filled, "export", "tiny", "--out", str(tmp_path / "file" / "x.csv")) == 2
    assert "x.csv: not written: " in capsys.readouterr().err


# ---------------------------------------------------------------- what is wrong


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["list", "tinny"], "did you mean 'tiny'?"),
        (["runs", "other"], "no assignment 'other'"),
        (["attempts", "tiny", "bobb"], "no student 'bobb' in tiny; did you mean 'bob'?"),
        (["compare", "9"], "no run 9"),
        (["compare", "1"], "run 1 is the first of tiny"),
        (["export", "tinny"], "did you mean 'tiny'?"),
        (["adjust", "tiny", "bob", "--reason", "r"], "expected either --add or --set"),
        (["adjust", "tiny", "bob", "--reason", "r", "--add", "1", "--set", "1"], "either"),
        (["adjust", "tiny", "bob", "--reason", " ", "--add", "1"], "needs a reason"),
        (["adjust", "tiny", "bob", "--reason", "r", "--add", "nan"], "expected a number"),
        (
            ["adjust", "tiny", "bob", "--reason", "r", "--add", "1", "--question", "predikt"],
            "no question 'predikt' in tiny; did you mean 'predict'?",
        ),
        (["withdraw", "5", "--reason", "r"], "no adjustment 5"),
    ],
)
def test_what_is_wrong_is_one_line(
    arguments: list[str], message: str, filled: str, capsys: Capture
) -> None:
    """What, where, and what was probably meant; nothing is written."""
    assert run(filled, *arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("grader: ")
    assert message in captured.err
    assert captured.err.count("\n") == 1
    with Gradebook.open(filled) as book:
        assert book.adjustments("tiny", "bob") == []


def test_names_are_printed_as_text(where: str, capsys: Capture) -> None:
    """In tables and in what is wrong: nothing that a terminal or CI obeys."""
    with Gradebook.open(where) as book:
        run_of(book, graded("\x1b[31mann\n::error::x"), graded("[bold]bob"))
    assert run(where, "list", "tiny") == 0
    assert run(where, "attempts", "tiny", "nobody") == 2
    captured = capsys.readouterr()
    assert "[bold]bob" in captured.out
    for text in captured:
        assert "\x1b" not in text
        assert "::" not in text
    assert captured.err.count("\n") == 1


def test_who_is_the_user_by_default(
    filled: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """As the operating system knows them."""
    monkeypatch.setenv("LOGNAME", "carla")
    assert run(filled, "adjust", "tiny", "ann", "--add", "-1", "--reason", "r") == 0
    capsys.readouterr()
    with Gradebook.open(filled) as book:
        assert [each.who for each in book.adjustments("tiny", "ann")] == ["carla"]


SIGNS = (
    "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u207c\u207a\u207b\u208c\u208a\u208b\u2212"
)
FILLERS = "\u115f\u1160\u3164\uffa0"
UNSEEN = " \t\r\n\xa0\u2003\u3000\u200b\u200d\u2060\ufeff\xad\u3164\u2800\ufe0f\"'`“”«»\uff02"


@given(before=st.text(UNSEEN, max_size=4), sign=st.sampled_from(SIGNS), after=st.text(max_size=9))
def test_no_cell_is_a_formula(before: str, sign: str, after: str) -> None:
    """In whatever width its sign is written, and behind whatever is not seen or is left out."""
    cell = as_cell(before + sign + after)
    assert cell.startswith("'")
    assert cell[1:] == visible(before + sign + after)


@given(
    name=st.text(
        st.characters(categories=["Lu", "Ll", "Lo", "Lt", "Nd"], exclude_characters=FILLERS),
        min_size=1,
    ),
    before=st.sampled_from(["", "'", "“", "(", "¿", " "]),
    rest=st.text(),
)
@example(name="t", before="'", rest=" Hooft")
@example(name="Zoë", before="", rest=" =1")
def test_honest_names_stay(name: str, before: str, rest: str) -> None:
    """Nothing is put before what begins with a letter, even in quotes."""
    assert as_cell(before + name + rest) == visible(before + name + rest)
