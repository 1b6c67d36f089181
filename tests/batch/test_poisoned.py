"""One result that cannot be graded, encoded, recorded or shown, in the middle of a class."""

from __future__ import annotations

import csv
import io
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.console import Console
from sqlalchemy import create_engine, update

from grader.batch import run as batch_run
from grader.batch import schedule, work
from grader.batch.gradebook import Gradebook, Graded
from grader.batch.gradebook.database import parsed_url
from grader.batch.gradebook.keeping import UNFIT, UNREADABLE
from grader.batch.gradebook.schema import gradings
from grader.batch.trial import Trial
from grader.batch.work import Parcel
from grader.cli import main
from grader.reporting import FORMATS
from grader.reporting.html import pages
from grader.reporting.html.student_view import StudentPage, student_page
from grader.reporting.terminal import clean, print_class
from grader.results import RESULTS_VERSION, ClassResult, Note, SubmissionResult
from grader.submission import Submission
from tests.batch.classes import NAME, Small, small
from tests.batch.deadly import fail
from tests.batch.gradings import INFO, graded, result, run_of
from tests.hostile.harness import CANARY, DOUBLE, HONEST, TOTAL

Capture = pytest.CaptureFixture[str]
Spoil = Callable[[SubmissionResult], SubmissionResult]
ODD = "student_01"  # in the middle of three
OTHERS = {"student_00", "student_02"}
HALF = "\ud800"


@pytest.fixture
def course(where: str, tmp_path: Path, shared_workers: None) -> Small:
    """Return a course with a class of three, whose gradebook is in either database."""
    made = small(tmp_path, where)
    for name in sorted({ODD, *OTHERS}):
        made.write(name, *HONEST)
    return made


def grade(course: Small, *options: str) -> tuple[int, dict[str, Any]]:
    """Grade, with all reports; return the exit code, and results by student."""
    code = course.grade("--format", "html,json", *options)
    content = json.loads((course.out / "results.json").read_text())
    return code, {each["student"]: each for each in content["submissions"]}


def exported(course: Small) -> dict[str, dict[str, str]]:
    """Return the lines of the export, by student."""
    out = course.folder / "scores.csv"
    fixed = ["--course", str(course.course), "--gradebook", course.book]
    assert main(["gradebook", *fixed, "export", NAME, "--out", str(out)]) == 0
    return {row["student"]: row for row in csv.DictReader(io.StringIO(out.read_text()))}


def check_others(course: Small, found: Mapping[str, Any]) -> None:
    """See that the rest of the class has what it would have without the odd one."""
    assert set(found) == {ODD, *OTHERS}
    assert [found[name]["score"] for name in sorted(OTHERS)] == [10, 10]
    lines = exported(course)
    assert [lines[name]["score"] for name in sorted(OTHERS)] == ["10", "10"]
    for name in found:
        assert (course.out / "students" / f"{name}.html").is_file()


def named(found: Mapping[str, Any]) -> str:
    """Return what is said of the odd one, which was not graded: one line, and nothing of ours."""
    one = found[ODD]
    assert (one["status"], one["score"]) == ("not_graded", 0)
    for word in ("Traceback", "msgspec", "grader.", "internal", "codec", "sqlalchemy"):
        assert word not in one["message"]
    assert "\n" not in one["message"]
    return str(one["message"])


# ---------------------------------------------------------------- what a worker hands back


def _with(**changed: Any) -> Spoil:
    return lambda given: replace(given, **changed)


def _first(**changed: Any) -> Spoil:
    def spoiled(given: SubmissionResult) -> SubmissionResult:
        first, *rest = given.questions
        return replace(given, questions=(replace(first, **changed), *rest))

    return spoiled


ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)
SPOILED: dict[str, Spoil] = {
    "a score that is no number": _with(score=float("nan")),
    "points without end": _first(score=float("inf")),
    "an integer of 5,000 digits": _with(notes=(Note("info", "x", 10**5000),)),
    "a line that is text": _with(notes=(Note("info", "x", 1, "3"),)),  # type: ignore[arg-type]
    "an object": _with(message=object()),
    "itself, again and again": _with(notes=ENDLESS),
    "an item twice": lambda given: replace(given, questions=given.questions * 2),
}


@pytest.fixture
def spoil(monkeypatch: pytest.MonkeyPatch) -> Callable[[Spoil | None], None]:
    """Return what changes the odd one's results as they come from a worker, or changes none."""
    collected = schedule._graded
    by: list[Spoil | None] = [None]

    def spoiled(held: Any, done: Any) -> Graded:
        found = collected(held, done)
        odd = by[-1] if found.student == ODD else None
        return replace(found, result=odd(found.result)) if odd else found

    monkeypatch.setattr(schedule, "_graded", spoiled)
    return by.append


def test_what_cannot_be_recorded_is_not_graded(
    course: Small, spoil: Callable[[Spoil | None], None]
) -> None:
    """In the first run and in the next; as soon as it can be, it is graded."""
    spoil(SPOILED["a score that is no number"])
    for _ in range(2):
        code, found = grade(course)
        assert code == 2
        check_others(course, found)
        assert "cannot be recorded" in named(found)
    assert course.gradings() == {ODD: 2, **dict.fromkeys(OTHERS, 1)}
    spoil(None)
    code, found = grade(course)
    assert (code, found[ODD]["score"]) == (0, 10)
    assert exported(course)[ODD]["score"] == "10"
    assert course.gradings() == {ODD: 3, **dict.fromkeys(OTHERS, 1)}


def beside(odd: SubmissionResult) -> list[tuple[int, Graded]]:
    """Return gradings of three, of which one has an odd result."""
    bob = replace(graded("bob", digest="d2"), result=odd)
    return list(enumerate([graded("ann"), bob, graded("eve", digest="d3")]))


@pytest.mark.parametrize("name", SPOILED)
def test_nothing_that_cannot_be_recorded_stops_the_others(book: Gradebook, name: str) -> None:
    """Whatever a worker hands back."""
    run = book.begin(INFO, b"the key")
    recorded = book.record(run, beside(SPOILED[name](result("bob"))))
    book.finish(run, "finished")
    assert [each.result.status for _, each in recorded] == ["graded", "not_graded", "graded"]
    seen = list(book.results(run))
    assert [each.status for each in seen] == ["graded", "not_graded", "graded"]
    assert seen[1].message == UNFIT
    assert set(book.known(INFO.assignment, INFO.key_digest)) == {("ann", "d1"), ("eve", "d3")}


def test_texts_that_cannot_be_encoded_cost_nothing_else(book: Gradebook) -> None:
    """The grade stands; what of a text cannot be told is marked."""
    note = Note("info", f"a {HALF} b \x00 c 👩‍🔬")
    odd = replace(result("bob"), notes=(note,), message=HALF)
    run = book.begin(INFO, b"the key")
    book.record(run, beside(odd))
    book.finish(run, "finished")
    seen = list(book.results(run))[1]
    assert (seen.status, seen.score, seen.message) == ("graded", 10, "\ufffd")
    assert seen.notes[0].message == "a \ufffd b \ufffd c 👩‍🔬"


def test_a_trial_says_the_same(book: Gradebook) -> None:
    """As it would be recorded."""
    trial = Trial(book, INFO.assignment)
    told = trial.compare(beside(SPOILED["a score that is no number"](result("bob"))))
    assert [each.result.status for _, each in told] == ["graded", "not_graded", "graded"]
    assert (trial.new, trial.lost) == (["ann", "eve"], ["bob"])


# ---------------------------------------------------------------- what fails before and after


def test_a_hand_in_that_cannot_be_sent(course: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the first run stops, nor the next, which looks first for what is known."""
    of_others = work.parcel

    def parcel(submission: Submission) -> Parcel:
        if submission.student == ODD:
            HALF.encode()
        return of_others(submission)

    for module in (schedule, batch_run):
        monkeypatch.setattr(module, "parcel", parcel)
    for _ in range(2):
        code, found = grade(course)
        assert code == 2
        check_others(course, found)
        assert named(found) == (
            "the grader failed on it (UnicodeEncodeError); the next run tries again"
        )


def test_a_worker_that_fails(course: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it says of itself is for nobody's page."""
    given = schedule.Schedule._give

    def give(schedule_: Any, held: Any, work: Any) -> None:
        if held.submission.student == ODD:
            schedule_._held[schedule_._executor.submit(fail)] = held
        else:
            given(schedule_, held, work)

    monkeypatch.setattr(schedule.Schedule, "_give", give)
    code, found = grade(course)
    assert code == 2
    check_others(course, found)
    assert "the grader failed on it (AssertionError)" in named(found)


def test_a_page_that_cannot_be_made(
    course: Small, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """The student has one that says so, and is named; the next run makes it."""
    made = student_page

    def page(results: ClassResult, submission: SubmissionResult) -> StudentPage:
        if submission.student == ODD and submission.status == "graded":
            raise RecursionError("internal")
        return made(results, submission)

    with monkeypatch.context() as failing:
        failing.setattr(pages, "student_page", page)
        code, found = grade(course)
    said = capsys.readouterr()
    assert code == 2
    assert f"{ODD}: its result is recorded, and cannot be shown here" in said.err
    assert "internal" not in said.err + said.out
    check_others(course, found)
    assert "cannot be shown" in (course.out / "students" / f"{ODD}.html").read_text()
    assert found[ODD]["score"] == 10
    assert course.grade("--format", "html,json") == 0
    assert "cannot be shown" not in (course.out / "students" / f"{ODD}.html").read_text()


@pytest.mark.parametrize("name", ["json", "html", "terminal"])
def test_a_report_loses_nobody_else(name: str, tmp_path: Path) -> None:
    """Where results come from elsewhere, and cannot be shown."""
    odd = replace(result("bob"), score=float("nan"), message=HALF, notes=(Note("info", HALF),))
    given = ClassResult(RESULTS_VERSION, "tiny", "Tiny", "", (result("ann"), odd, result("eve")))
    lost: list[str] = []
    if name == "terminal":
        console = Console(file=io.StringIO())
        print_class(console, given, lost.append)
        assert isinstance(console.file, io.StringIO)
        told = console.file.getvalue()
    else:
        told = "".join(path.read_text() for path in FORMATS[name](given, tmp_path, lost.append))
    assert lost == ["bob"]
    assert all(student in told for student in ("ann", "bob", "eve"))
    assert "cannot be shown here" in " ".join(told.split())


# ---------------------------------------------------------------- what is recorded already


POISON = {
    "no data": b"",
    "no archive": b"x" * 100,
    "half of it": zlib.compress(b'{"student": "student_01"' + b" " * 1000)[:30],
    "no result": zlib.compress(b"[1, 2]"),
    "halves of characters": zlib.compress(
        rb'{"student": "\ud800", "path": "", "status": "graded"}'
    ),
    "a status of another time": zlib.compress(
        msgspec.json.encode(result("bob")).replace(b'"graded"', b'"marked"')
    ),
}


def poisoned(where: str, grading: int, content: bytes) -> None:
    """Write over what the gradebook holds of a grading."""
    engine = create_engine(parsed_url(where))
    with engine.begin() as connection:
        changed = update(gradings).where(gradings.c.id == grading)
        connection.execute(changed.values(result=content))
    engine.dispose()


@pytest.mark.parametrize("name", POISON)
def test_a_record_that_cannot_be_read_stops_nothing(book: Gradebook, where: str, name: str) -> None:
    """It is named, the rest is shown, and it is not reused."""
    run = run_of(book, *(each for _, each in beside(result("bob"))))
    poisoned(where, 2, POISON[name])
    for found in (book.results(run), book.class_results(INFO.assignment)):
        assert [each.status for each in found] == ["graded", "not_graded", "graded"]
        assert (found[1].student, found[1].message) == ("bob", UNREADABLE)
    assert set(book.known(INFO.assignment, INFO.key_digest)) == {("ann", "d1"), ("eve", "d3")}


def test_a_record_that_cannot_be_read_is_made_anew(course: Small) -> None:
    """By the next run."""
    assert course.grade() == 0
    with Gradebook.open(course.book) as book:
        (found,) = (s.standing.grading for s in book.scores(NAME) if s.student == ODD)
    poisoned(course.book, found, POISON["half of it"])
    code, now = grade(course)
    assert (code, now[ODD]["score"]) == (0, 10)
    check_others(course, now)
    assert course.gradings() == {ODD: 2, **dict.fromkeys(OTHERS, 1)}


# ---------------------------------------------------------------- a notebook does it itself


def test_notebooks_that_poison_their_results(course: Small) -> None:
    """By names and messages that cannot be encoded, from all sides: they are graded, and kept.

    Honest names stay as they are, whatever script they are in.
    """
    packs = (
        "import json\nexec('pass')\nsession = get_ipython().kernel.session\n"
        "session.pack = lambda content: json.dumps(content, default=str).encode()"
    )
    raises = r"raise type('\ud83d\x00', (Exception,), {})('\udfff\x00 and ' + 'line ' + '9' * 5000)"
    course.write(ODD, packs, raises, DOUBLE, TOTAL.replace("return", f"{raises}; return"), CANARY)
    names = {"Žofie Nováková", "山田太郎", "محمد", "👩‍🔬 Ada"}
    for name in names:
        course.write(name, *HONEST)
    for _ in range(2):
        code, found = grade(course)
        assert (code, found[ODD]["status"], found[ODD]["score"]) == (0, "graded", 6)
        assert "\x00" not in json.dumps(found, ensure_ascii=False)
        assert names | {ODD, *OTHERS} == set(found) == set(exported(course))
    assert set(course.gradings().values()) == {1}


@pytest.mark.parametrize("which", ["student", "path", "handed_in", "worker"])
def test_columns_hold_no_half_characters_and_no_nulls(book: Gradebook, which: str) -> None:
    """PostgreSQL takes neither, SQLite takes nulls: both have the same."""
    odd = replace(graded("bob", digest="d2"), **{which: f"b\x00{HALF}b"})  # type: ignore[arg-type]
    odd = replace(odd, result=replace(odd.result, student=odd.student))
    run_of(book, graded("ann"), odd, graded("eve", digest="d3"))
    seen = list(book.results(1))
    assert len(seen) == 3
    assert all(clean(each.student) == each.student for each in seen)
