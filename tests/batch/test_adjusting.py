"""Adjustments are bounded by the points, and every page and table agrees with them."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import text

from grader.batch.gradebook import Gradebook
from grader.batch.run import whole_class
from grader.cli import main
from grader.errors import UsageError
from grader.reporting import FORMATS
from grader.reporting.terminal import print_class
from grader.results import ClassResult
from tests.batch.gradings import OTHER_KEY, graded, run_of, scores_of

Capture = pytest.CaptureFixture[str]
Made = list[tuple[str, float, str]]
WHO: dict[str, Any] = {"reason": "r", "who": "w"}


@pytest.mark.parametrize(
    ("predict", "made", "said"),
    [
        (6.0, [("set", 400, "")], "400 points: expected 0 to 10; --beyond allows more"),
        (6.0, [("set", 10.001, "")], "expected 0 to 10"),
        (6.0, [("add", 0.5, "")], "0.5 points: that makes 10.5 of 10; --beyond allows more"),
        (1.0, [("add", 6, "")], "that makes 11 of 10"),
        (1.0, [("add", 1e308, "")], "of 10"),
        (1.0, [("add", 5, ""), ("add", 1, "")], "that makes 11 of 10"),
        (6.0, [("set", 7, "predict")], "7 points of `predict`: expected 0 to 6"),
        (1.0, [("add", 6, "predict")], "6 points of `predict`: that makes 7 of 6"),
        (1.0, [("set", 10, ""), ("set", 6, "predict")], "that makes 15 of 10 points in all"),
        (6.0, [("set", -1, "")], "none below 0 to set"),
        (6.0, [("set", float("nan"), "")], "expected a number"),
        (6.0, [("add", float("inf"), "")], "expected a number"),
        (6.0, [("add", float("-inf"), "predict")], "expected a number"),
    ],
)
def test_more_than_the_points_is_refused(
    book: Gradebook, predict: float, made: Made, said: str
) -> None:
    """In one line with what is expected; the last of those made changes nothing."""
    run_of(book, graded("ann", predict=predict))
    *before, (kind, points, question) = made
    for each in before:
        book.adjust("tiny", "ann", each[0], each[1], question=each[2], **WHO)  # type: ignore[arg-type]
    stands = scores_of(book)
    with pytest.raises(UsageError, match=re.escape(said)) as caught:
        book.adjust("tiny", "ann", kind, points, question=question, **WHO)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    assert scores_of(book) == stands
    assert stands["ann"] <= 10


@pytest.mark.parametrize(
    ("made", "predict", "score", "item"),
    [
        ([("add", 5, "")], 6.0, 10.0, 6.0),
        ([("add", 5, "")], 3.0, 10.0, 3.0),
        ([("add", 5, "")], 0.5, 9.5, 0.5),
        ([("set", 9, "")], 6.0, 9.0, 6.0),
        ([("add", 5, "predict")], 6.0, 10.0, 6.0),
        ([("add", 5, "predict")], 2.0, 10.0, 6.0),
        ([("set", 4, "predict")], 6.0, 8.0, 4.0),
        ([("add", 3, ""), ("add", 2, "predict")], 5.0, 10.0, 5.0),
        ([("add", -3, ""), ("add", 2, "predict")], 6.0, 7.0, 6.0),
        ([("add", -30, "")], 6.0, 0.0, 6.0),
        ([("add", -1, "predict")], 0.0, 4.0, 0.0),
    ],
)
def test_what_is_graded_again_stays_within_the_points(
    book: Gradebook, made: Made, predict: float, score: float, item: float
) -> None:
    """Adjusted at 5 of 10; then another score is graded."""
    run_of(book, graded("ann", predict=1.0))
    for kind, points, question in made:
        book.adjust("tiny", "ann", kind, points, question=question, **WHO)  # type: ignore[arg-type]
    run = run_of(book, graded("ann", predict=predict), info=OTHER_KEY)
    assert scores_of(book) == {"ann": score}
    (shown,) = book.results(run)
    assert (shown.score, shown.questions[1].score) == (score, item)
    assert sum(each.points for each in shown.adjustments) == score - 4 - predict


def test_beyond_is_asked_for(book: Gradebook) -> None:
    """And then stays, whatever is graded again."""
    run_of(book, graded("ann"), graded("bob", status="unreadable"))
    book.adjust("tiny", "ann", "add", 2, beyond=True, **WHO)
    book.adjust("tiny", "bob", "set", 3, question="predict", **WHO)
    with pytest.raises(UsageError, match="expected 0 to 6"):
        book.adjust("tiny", "bob", "set", 7, question="predict", **WHO)
    assert scores_of(book) == {"ann": 12.0, "bob": 3.0}


def test_adjustments_of_an_older_gradebook_keep_what_they_gave(where_sqlite: str) -> None:
    """They were made when nothing bounded them."""
    with Gradebook.open(where_sqlite) as book:
        run_of(book, graded("ann"))
        book.adjust("tiny", "ann", "add", 2, beyond=True, **WHO)
        with book.database.write() as connection:
            for statement in (
                "ALTER TABLE adjustments DROP COLUMN beyond",
                "ALTER TABLE answer_keys DROP COLUMN content_digest",
                "ALTER TABLE run_entries DROP COLUMN late",
                "DROP TABLE names",
                "UPDATE meta SET value = '1' WHERE name = 'schema'",
            ):
                connection.execute(text(statement))
    with Gradebook.open(where_sqlite) as book:
        assert scores_of(book) == {"ann": 12.0}
        assert [each.late for each in book.class_results("tiny")] == [False]
        book.rename("tiny", "ann", "anna", **WHO)
        assert scores_of(book) == {"anna": 12.0}


# ---------------------------------------------------------------- every page and table

SCORES = {  # points, share, and the points of predict
    "ann": ("8", "80 %", "4"),
    "bob": ("3", "30 %", "6"),
    "cy": ("2", "20 %", "2"),
    "dan": ("7.75", "77.5 %", "2.5"),
    "eve": ("15", "150 %", "6"),
    "fay": ("9", "90 %", "5"),
    "gus": ("0", "0 %", "0"),
}


@pytest.fixture
def adjusted(where_sqlite: str) -> str:
    """Return where a class stands that was adjusted in every way."""
    with Gradebook.open(where_sqlite) as book:
        run_of(
            book,
            graded("ann", predict=1.0),
            graded("bob"),
            graded("cy", status="unreadable"),
            graded("dan", predict=2.5),
            *(graded(name) for name in ("eve", "fay", "gus")),
        )
        book.adjust("tiny", "ann", "set", 4, question="predict", **WHO)
        book.adjust("tiny", "bob", "set", 3, **WHO)
        book.adjust("tiny", "cy", "set", 2, question="predict", **WHO)
        book.adjust("tiny", "dan", "add", 1.25, **WHO)
        book.adjust("tiny", "eve", "add", 5, beyond=True, **WHO)
        book.adjust("tiny", "fay", "add", -1, question="predict", **WHO)
        book.adjust("tiny", "gus", "add", -6, question="predict", **WHO)
        book.adjust("tiny", "gus", "set", 0, **WHO)
    return where_sqlite


def of_results(where: str) -> ClassResult:
    """Return the class as reports have it."""
    with Gradebook.open(where) as book:
        results = whole_class(book, ClassResult(1, "tiny", "Tiny", "0", ()))
        return replace(results, submissions=tuple(results.submissions))


def from_terminal(adjusted: str, capsys: Capture) -> dict[str, tuple[str, ...]]:
    """Read `grader gradebook list`."""
    assert main(["gradebook", "--gradebook", adjusted, "list", "tiny"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    return {row[0]: (row[1], f"{row[3]} %") for row in rows}


def from_table(adjusted: str) -> dict[str, tuple[str, ...]]:
    """Read the table that `grader grade` ends with."""
    console = Console(width=200)
    with console.capture() as capture:
        print_class(console, of_results(adjusted))
    rows = [line.split() for line in capture.get().splitlines()[2:]]
    return {row[0]: (row[1], f"{row[2]} %") for row in rows if row[0] in SCORES}


def from_csv(adjusted: str, capsys: Capture) -> dict[str, tuple[str, ...]]:
    """Read the export for spreadsheets."""
    assert main(["gradebook", "--gradebook", adjusted, "export", "tiny"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    for row in rows:
        assert float(row["graded"]) + float(row["adjusted"]) == float(row["score"])
    return {row["student"]: (row["score"], row["question:predict"]) for row in rows}


def from_export(adjusted: str, capsys: Capture) -> dict[str, tuple[str, ...]]:
    """Read the export as JSON."""
    assert main(["gradebook", "--gradebook", adjusted, "export", "tiny", "--format", "json"]) == 0
    scores = json.loads(capsys.readouterr().out)["scores"]
    return {
        each["student"]: (
            f"{each['score']:g}",
            *(f"{item['score']:g}" for item in each["items"] if item["name"] == "predict"),
        )
        for each in scores
    }


def from_json(adjusted: str, folder: Path) -> dict[str, tuple[str, ...]]:
    """Read `results.json`."""
    (path,) = FORMATS["json"](of_results(adjusted), folder)
    return {
        each["student"]: (f"{each['score']:g}", *(f"{q['score']:g}" for q in each["questions"][1:]))
        for each in json.loads(path.read_text())["submissions"]
    }


def from_pages(adjusted: str, folder: Path) -> tuple[dict[str, tuple[str, ...]], ...]:
    """Read the class's page, and the students' pages."""
    index, *pages = FORMATS["html"](of_results(adjusted), folder)
    row = re.compile(
        r'<a href="students/(\w+).html">\1</a></th>\s*<td class="number">([^<]*)</td>'
        r'<td class="number">([^<]*)</td>(.*?)</tr>',
        re.DOTALL,
    )
    rows = {
        name: (score, share, *re.findall(r'class="mark \w+">([\d.]+) ', rest)[1:])
        for name, score, share, rest in row.findall(index.read_text())
    }
    head = re.compile(r"<strong>([^<]*)</strong> ([\d.]+) of 10 points")
    item = re.compile(r'>predict</code>.*?"points">([\d.]+) of 6 points', re.DOTALL)
    each = {}
    for page in pages:
        html = page.read_text()
        (share, score), *_ = head.findall(html)
        each[page.stem] = (score, share, *item.findall(html))
    return rows, each


def test_every_page_and_table_says_the_same(
    adjusted: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Points, shares and the points of questions; who could not be graded has no questions."""
    monkeypatch.setenv("COLUMNS", "200")
    both = {name: (points, share) for name, (points, share, _) in SCORES.items()}
    items = {name: (points, item) for name, (points, _, item) in SCORES.items()}
    whole = SCORES | {"cy": ("2", "20 %")}
    without = items | {"cy": ("2",)}
    assert from_terminal(adjusted, capsys) == both
    assert from_table(adjusted) == both
    assert from_csv(adjusted, capsys) == items
    assert from_export(adjusted, capsys) == without
    assert from_json(adjusted, tmp_path) == without
    assert from_pages(adjusted, tmp_path) == (whole, whole)
