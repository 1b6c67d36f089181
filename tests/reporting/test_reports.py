"""Reports: JSON that reads back, pages that hold together, text that stays text."""

import html.parser
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from rich.console import Console

from grader.errors import UsageError
from grader.reporting import FORMATS
from grader.reporting.html import pages
from grader.reporting.html.class_view import ClassPage, ClassTally, PageNames
from grader.reporting.html.student_view import student_page
from grader.reporting.json import SCHEMA_FILE, pieces, read, schema, schema_text
from grader.reporting.progress import shown
from grader.reporting.tally import Tally
from grader.reporting.terminal import print_class
from grader.reporting.words import percent_text, points_text, write_text
from grader.results import (
    Adjustment,
    Call,
    CaseResult,
    ClassResult,
    Diagnosis,
    Note,
    OutputResult,
    QuestionResult,
    Status,
    SubmissionResult,
)

EVIL = "<script>alert(1)</script>\x1b[31m\"'&{{ 7 * 7 }}`<b>`"


def submission(student: str = "ann", text: str = "It is `wrong`.") -> SubmissionResult:
    """Return a submission with one right and one wrong question; `text` stands everywhere."""
    cases = (
        CaseResult("visible-1", visible=True, status="failed", fault="value", message=text),
        CaseResult("hidden-1", visible=False, status="passed"),
        CaseResult("example-1", visible=True, status="passed", scored=False),
    )
    failed: Status = "failed"
    wrong = OutputResult("grads['dw']", failed, "value", text, cases)
    right = OutputResult("cost", "passed", None, "", cases[1:])
    questions = (
        QuestionResult("sigmoid", "The sigmoid.", "passed", 10.0, 10.0, "", (right,)),
        QuestionResult(
            "propagate",
            "Title",
            failed,
            8.333,
            25.0,
            text,
            (wrong, right),
            (Diagnosis("forgot", text, ("grads['dw']",)),),
            (Call("visible-1", f"x = {text!r}"),),
        ),
    )
    notes = (Note("warning", text, 3, 4),)
    return SubmissionResult(student, "a.ipynb", "graded", 18.333, 35.0, questions, "", notes)


def results(*submissions: SubmissionResult) -> ClassResult:
    """Return the results of a class."""
    return ClassResult(1, "a", "Exercise", "0.1.0", submissions or (submission(),))


def unreadable(student: str = "bob", message: str = "the file is empty") -> SubmissionResult:
    """Return a submission that could not be read."""
    return SubmissionResult(student, "b.ipynb", "unreadable", 0.0, 35.0, (), message)


# ---------------------------------------------------------------- JSON


def dumps(content: ClassResult) -> str:
    """Return results as they stand in `results.json`."""
    return "".join(pieces(content))


def class_page(content: ClassResult) -> ClassPage:
    """Return the index of a class."""
    tally, names = ClassTally(), PageNames(s.student for s in content.submissions)
    for each in content.submissions:
        tally.add(each, names.next(each.student).as_posix())
    return tally.page(content.title)


def test_json_reads_back_what_was_written(tmp_path: Path) -> None:
    """Losslessly, with every kind of text."""
    original = results(submission(text=EVIL), unreadable("Łukasz 学生"))
    (path,) = FORMATS["json"](original, tmp_path)
    assert read(path) == original


def test_json_keeps_to_its_published_schema() -> None:
    """The schema in the package is the one of the classes, and the results keep to it."""
    assert SCHEMA_FILE.read_text() == schema_text()
    jsonschema.validate(json.loads(dumps(results(submission(), unreadable()))), schema())


def test_the_names_that_others_build_on() -> None:
    """The keys of the results, on every level."""
    content = json.loads(dumps(results()))
    assert {"version", "assignment", "submissions"} <= content.keys()
    (student,) = content["submissions"]
    assert {"student", "path", "status", "score", "max_score", "questions"} <= student.keys()
    question = student["questions"][1]
    assert {"name", "status", "score", "max_score", "outputs", "diagnoses"} <= question.keys()
    assert {"path", "status", "fault", "message", "cases"} <= question["outputs"][0].keys()
    case = question["outputs"][0]["cases"][0]
    assert {"id", "visible", "status", "fault", "message"} <= case.keys()
    assert {"cause", "message", "outputs"} <= question["diagnoses"][0].keys()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "expected results of version 1"),
        ('{"version": 2}', "expected results of version 1"),
        (
            dumps(results()).replace('"status": "graded"', '"status": "odd"'),
            "submissions[0].status",
        ),
    ],
)
def test_results_that_are_none_are_refused_with_the_place(
    tmp_path: Path, text: str, words: str
) -> None:
    """Broken, of another version, or with a value that does not exist."""
    (tmp_path / "results.json").write_text(text)
    with pytest.raises(UsageError) as caught:
        read(tmp_path / "results.json")
    assert words in str(caught.value).replace("[...]", "[0]")


# ---------------------------------------------------------------- HTML


class Checker(html.parser.HTMLParser):
    """Counts open elements and notes what a page loads or runs."""

    VOID = frozenset({"meta", "br", "img", "input", "link", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element and where it leads."""
        self.elements.append(tag)
        self.targets += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that it closes what was opened last."""
        assert self.open.pop() == tag


def checked(path: Path) -> Checker:
    """Parse a page, checking that what is opened is closed."""
    checker = Checker()
    checker.feed(path.read_text())
    assert checker.open == []
    return checker


def test_pages_are_self_contained_and_link_to_each_other(tmp_path: Path) -> None:
    """Nothing is loaded from elsewhere, and every link leads to a page."""
    written = pages.write(results(submission(), unreadable()), tmp_path)
    assert written[0].name == "index.html"
    for path in written:
        page = checked(path)
        assert not {"script", "link", "img", "iframe"} & set(page.elements)
        for target in page.targets:
            assert target.startswith("#") or (path.parent / target).is_file()


def test_text_of_students_stays_text(tmp_path: Path) -> None:
    """Names, messages and code are escaped, in pages and in the terminal."""
    evil = results(submission(EVIL, EVIL), unreadable(EVIL, EVIL))
    for path in pages.write(evil, tmp_path):
        assert "<script" not in path.read_text()
        assert "<b>" not in path.read_text()
        assert not {"script", "b"} & set(checked(path).elements)
        assert "{{ 7 * 7 }}" in path.read_text()
    console = Console(record=True, width=200, force_terminal=True, color_system=None)
    with console.capture() as capture:
        print_class(console, evil)
        with shown(Console(file=console.file, width=80), "", Tally(1)) as watcher:
            watcher.done(0, evil.submissions[1], {})
    assert "\x1b[31m" not in capture.get()


def test_no_two_students_share_a_page() -> None:
    """Names that differ in letters that a file name cannot hold, or in case only."""
    names = ["a/b", "a?b", "A/b", "", "..", "学生", "x" * 300, "x" * 299]
    page_names = PageNames(names)
    found = [page_names.next(name) for name in names]
    assert len({str(path).lower() for path in found}) == len(names)
    assert all(path.parent == Path("students") and len(path.name) < 80 for path in found)
    assert Path("students/学生.html") in found


def test_what_is_not_right_comes_first() -> None:
    """A student's page begins with what is to be looked at."""
    page = student_page(results(), submission())
    assert [q.name for q in page.wrong] == ["propagate"]
    assert [q.name for q in page.right] == ["sigmoid"]
    assert page.wrong[0].hints[0].message == "It is <code>wrong</code>."


def test_outputs_that_fared_alike_are_told_together() -> None:
    """What is wrong first; names that have the same to tell share an entry."""
    given = submission()
    wrong, right = given.questions[1].outputs
    outputs = (right, wrong, replace(right, path="A"), replace(wrong, path="grads['db']"))
    questions = (replace(given.questions[1], outputs=outputs),)
    page = student_page(results(), replace(given, questions=questions))
    assert [(output.paths, output.status) for output in page.wrong[0].outputs] == [
        (("grads['dw']", "grads['db']"), "failed"),
        (("cost", "A"), "passed"),
    ]


def test_what_carries_no_points_comes_after_what_does(tmp_path: Path) -> None:
    """A right item's message is told too: no points are lost, but something is to be said."""
    given = submission()
    sigmoid, propagate = given.questions
    without = replace(propagate, name="given", score=0.0, max_score=0.0)
    told = replace(sigmoid, message="It changes `z` in place.")
    page = student_page(results(), replace(given, questions=(without, propagate, told)))
    assert [(q.name, q.points) for q in page.wrong] == [
        ("propagate", "8.33 of 25 points"),
        ("given", "no points"),
    ]
    row = class_page(results(replace(given, questions=(without, propagate)))).rows[0]
    assert [mark.points for mark in row.marks] == ["–", "8.33"]
    pages.write(results(replace(given, questions=(told,))), tmp_path)
    html = (tmp_path / "students" / "ann.html").read_text()
    assert "It changes <code>z</code> in place." in html


def test_adjustments_stand_on_the_students_page(tmp_path: Path) -> None:
    """By how many points and why; whoever has more than all of them has a full bar, no longer."""
    made = (
        Adjustment(17.667, "a bonus for `propagate` & more", "ada"),
        Adjustment(-1.0, EVIL, "ada", "propagate"),
        Adjustment(0.0, "as it was", "ada"),
    )
    page = student_page(results(), replace(submission(), score=36.0, adjustments=made))
    assert (page.percent, page.width) == ("102.8 %", 100)
    assert [(a.points, a.question) for a in page.adjustments] == [
        ("+17.66 points", ""),
        ("−1 point", "propagate"),
        ("0 points", ""),
    ]
    adjusted = replace(submission(), adjustments=made)
    _, written = pages.write(results(adjusted), tmp_path)
    checked(written)
    html = written.read_text()
    assert "<li>+17.66 points: a bonus for <code>propagate</code> &amp; more</li>" in html
    assert "<li>−1 point on <code>propagate</code>: &lt;script&gt;" in html
    assert read(FORMATS["json"](results(adjusted), tmp_path)[0]) == results(adjusted)
    _, without = pages.write(results(), tmp_path)
    assert "Adjusted" not in without.read_text()


def test_the_class_page_counts_causes() -> None:
    """The same cause of two students is one misunderstanding."""
    page = class_page(results(submission("ann"), submission("eve"), unreadable()))
    (found,) = page.explained.shown
    assert (found.count, [who.student for who in found.names.shown]) == (
        "2 students",
        ["ann", "eve"],
    )
    assert page.summary.startswith("3 submissions, 1 of which could not be graded")


def test_an_empty_class_has_a_page(tmp_path: Path) -> None:
    """Nobody gradable is no reason to fail."""
    for path in pages.write(results(unreadable()), tmp_path):
        checked(path)


def test_pages_of_an_earlier_run_are_removed(tmp_path: Path) -> None:
    """So that nobody hands out last week's page; files of other origin stay."""
    old = pages.write(results(submission("ann"), submission("eve")), tmp_path)
    (tmp_path / "students" / "notes.html").write_text("mine")
    pages.write(results(submission("ann")), tmp_path)
    assert [path.exists() for path in old] == [True, True, False]
    assert (tmp_path / "students" / "notes.html").exists()


def test_a_link_in_the_way_is_replaced_not_followed(tmp_path: Path) -> None:
    """Whoever puts a symbolic link where a report goes does not get another file overwritten."""
    (tmp_path / "precious").write_text("keep")
    (tmp_path / "results.json").symlink_to(tmp_path / "precious")
    write_text(tmp_path / "results.json", "new")
    assert (tmp_path / "precious").read_text() == "keep"
    assert (tmp_path / "results.json").read_text() == "new"


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("score", "maximum", "points", "share"),
    [
        (100.0, 100.0, "100", "100 %"),
        (110.0, 100.0, "110", "110 %"),
        (99.999, 100.0, "99.99", "99.9 %"),
        (0.1 + 0.2, 0.3, "0.3", "100 %"),
        (25 * 2 / 3, 25.0, "16.66", "66.6 %"),
        (0.0, 0.0, "0", "0 %"),
    ],
)
def test_numbers_are_never_rounded_into_a_lie(
    score: float, maximum: float, points: str, share: str
) -> None:
    """Full marks are shown only where they are."""
    assert (points_text(score), percent_text(score, maximum)) == (points, share)


def test_progress_off_a_terminal_is_a_line_each() -> None:
    """A log shows who is done, with the score or the reason."""
    console = Console(width=200, force_terminal=False)
    with console.capture() as capture, shown(console, "", Tally(2)) as watcher:
        watcher.done(0, submission(), {})
        watcher.done(1, unreadable(), {})
    assert capture.get().splitlines() == [
        "1/2 ann: 18.33 of 35 (52.3 %)",
        "2/2 bob: not readable: the file is empty",
    ]


def test_a_failed_grader_is_told_in_the_pages(tmp_path: Path) -> None:
    """A submission on which the grader itself failed has a page that says so."""
    failed = replace(unreadable(), status="not_graded", message="the grader failed")
    index, page = pages.write(results(failed), tmp_path)
    assert "the grader failed" in index.read_text()
    assert "the grader failed" in page.read_text()
