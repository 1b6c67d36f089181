"""How far a batch is: counted, shown live or in lines, and kept in a log."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from grader.reporting import progress
from grader.reporting.progress import Everyone, Log, live_view, shown
from grader.reporting.tally import Tally, how_far, seconds_text, summary
from grader.reporting.terminal import print_class
from grader.results import RESULTS_VERSION, ClassResult, SubmissionResult, SubmissionStatus


class Clock:
    """A clock that is set."""

    now = 100.0

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.now


def result(
    student: str = "ann",
    score: float = 10.0,
    status: SubmissionStatus = "graded",
    message: str = "",
) -> SubmissionResult:
    """Return a result of ten points at most."""
    return SubmissionResult(student, "a.ipynb", status, score, 10.0, (), message)


def some(clock: Clock) -> Tally:
    """Return a tally of ten submissions, two known; three are done after six seconds, one runs."""
    tally = Tally(10, 2, clock)
    for number, (student, seconds) in enumerate([("ann", 1.0), ("bob", 4.0), ("eve", 2.0)]):
        tally.began(number, student)
        clock.now += 2.0
        status: SubmissionStatus = "not_graded" if student == "eve" else "graded"
        given = result(student, 10.0 if student == "ann" else 3.0, status)
        tally.done(number, given, {"cells": seconds, "judge": 0.1})
    tally.began(3, "joe\x1b[31m")
    clock.now += 1.5
    return tally


def test_what_is_done_how_fast_and_what_is_left() -> None:
    """The rate is that of late, the rest is reckoned by it."""
    clock = Clock()
    tally = some(clock)
    assert (tally.finished, tally.rate, tally.left) == (5, 3 / 7.5, 12.5)
    assert how_far(tally) == "5 of 10, 0.4 a second, about 12.5 s left"
    assert tally.running() == [("joe\x1b[31m", 1.5)]
    assert how_far(Tally(3, 0, clock)) == "0 of 3"


def test_the_rate_forgets_what_is_long_ago() -> None:
    """A slow beginning does not count for ever."""
    clock = Clock()
    tally = Tally(1000, 0, clock)
    clock.now += 1000.0
    for number in range(100):
        clock.now += 0.1
        tally.done(number, result(), {})
    assert 9.9 < tally.rate < 10.1


def test_the_live_view_shows_who_is_being_graded() -> None:
    """With the outcomes so far and the slowest, and no control characters of students'."""
    console = Console(file=io.StringIO(), width=100, force_terminal=True, color_system=None)
    with console.capture() as capture:
        console.print(live_view("logistic_regression", some(Clock())))
    lines = [line.rstrip() for line in capture.get().splitlines()]
    assert lines[0].startswith("logistic_regression ━")
    assert lines[0].endswith("5 of 10, 0.4 a second, about 12.5 s left")
    assert lines[1] == "so far   1 all right · 1 not all right · 1 not graded · 2 from before"
    assert lines[2] == "now      joe[31m 1.5 s"
    assert lines[3] == "slowest  bob 4.1 s · eve 2.1 s · ann 1.1 s"


def test_on_a_terminal_it_is_live() -> None:
    """Redrawn in place while it counts."""
    console = Console(file=io.StringIO(), width=80, force_terminal=True)
    tally = Tally(2)
    with console.capture() as capture, shown(console, "tiny", tally) as watcher:
        watcher.began(0, "ann")
        watcher.done(0, result(), {"cells": 1.0})
    assert "1 of 2" in capture.get()
    assert "ann:" not in capture.get()


def test_elsewhere_it_is_lines() -> None:
    """One for each result; and now and then one that tells how far it is."""
    console = Console(file=io.StringIO(), width=80, force_terminal=False)
    tally = Tally(3)
    with console.capture() as capture, shown(console, "tiny", tally) as watcher:
        watcher.done(0, result("ann"), {"cells": 1.0})
        watcher.tick()
        assert isinstance(watcher, Everyone)
        (lines,) = (each for each in watcher.watchers if isinstance(each, progress.Lines))
        lines.told -= progress.LINE_SECONDS
        watcher.tick()
        watcher.tick()
    said = capture.get().splitlines()
    assert said[0] == "1/3 ann: 10 of 10 (100 %)"
    assert [line.split(",")[0] for line in said[1:]] == ["... 1 of 3"]


@pytest.mark.parametrize("width", [20, 21, 22, 23, 80])
@pytest.mark.parametrize(
    "name",
    [
        "::error::x",
        ":::error::x",
        "::::::error::x",
        "xx ::error::x",
        "##[error]x",
        "x##[group]x",
        "###[error]x",
        "#\x07#[error]x",
        "##\u202e[error]x",
        "##vso[task.complete]x",
        ":\x07:error::x",
    ],
)
def test_no_name_is_a_command_of_continuous_integration(name: str, width: int) -> None:
    """Some are obeyed at the beginning of a line, some in the middle, wherever lines are folded."""
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    odd = result(name, 0.0, "unreadable", name)
    with console.capture() as capture:
        with shown(console, name, Tally(1)) as watcher:
            watcher.done(0, odd, {})
        print_class(console, ClassResult(RESULTS_VERSION, name, name, "", (odd,)))
    for line in capture.get().splitlines():
        assert not re.search(r"^\s*::|##\w*\[", line)
    assert "error" in capture.get() or "[" in capture.get()


def test_the_summary_says_where_the_time_went() -> None:
    """In shares of all, the largest first; and who took longest."""
    clock = Clock()
    assert summary(some(clock)) == [
        "3 submissions graded in 7.5 s (0.4 a second); 2 had results from before.",
        "The time went to cells 96 %, judging 4 %.",
    ]
    assert summary(Tally(2, 2, clock)) == [
        "2 submissions, with results from before; nothing has changed."
    ]
    assert summary(Tally(2, 0, clock)) == []


def test_times_in_words() -> None:
    """As people say them."""
    assert [seconds_text(s) for s in (0.04, 59.9, 60, 100, 3599.7, 7500)] == [
        "0.0 s",
        "59.9 s",
        "1 min 00 s",
        "1 min 40 s",
        "1 h 00 min",
        "2 h 05 min",
    ]


def test_a_line_of_the_log_is_one_line() -> None:
    """Whatever a student is called and a message says."""
    file = io.StringIO()
    log = Log(file)
    odd = result("Ann\nstudent=eve", 0.0, "unreadable", "the file is empty")
    log.done(0, odd, {"load": 0.25, "wait": 1.0})
    (line,) = file.getvalue().splitlines()
    assert line.split(" ", 1)[1] == (
        'student="Ann\\nstudent=eve" status=unreadable score=0/10 seconds=1.250 '
        'load=0.250 wait=1.000 message="the file is empty"'
    )
