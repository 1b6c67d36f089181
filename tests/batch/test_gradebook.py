"""The gradebook: what is recorded stays, and what counts is told the same by every reader."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from grader.batch.gradebook import Gradebook, HandIn
from grader.errors import GraderError, UsageError
from grader.results import Adjustment
from tests.batch.conftest import RunStatements
from tests.batch.gradings import INFO, OTHER_KEY, graded, result, run_of, scores_of, students_of

COURSE = Path(__file__).parents[2]

# ---------------------------------------------------------------- runs


def test_results_come_back_as_they_were_graded(book: Gradebook) -> None:
    """In the order of positions, whatever the order in which they were done; as often as asked."""
    run = book.begin(INFO, b"the key")
    book.record(run, [(2, graded("eve", path="c.ipynb"))])
    book.record(run, [(0, graded("bob", predict=2.5)), (1, graded("ann", status="unreadable"))])
    book.finish(run, "finished")
    results = book.results(run)
    assert len(results) == 3
    assert students_of(results) == students_of(results) == ["bob", "ann", "eve"]
    assert results[-1] == replace(result("eve"), path="c.ipynb")
    assert students_of(results[1:]) == ["ann", "eve"]
    assert isinstance(results, Sequence)
    with pytest.raises(IndexError):
        results[3]


def test_a_run_is_described(book: Gradebook) -> None:
    """Who, where, when, with what, and how many were graded and reused."""
    first = run_of(book, graded("ann"), graded("bob"))
    second = book.begin(INFO, b"the key")
    known = book.known("tiny", "k1")
    book.reuse(second, [(0, graded("ann"), known["ann", "d1"])])
    book.record(second, [(1, graded("eve"))])
    records = book.runs("tiny")
    assert [(r.id, r.status, r.graded, r.reused) for r in records] == [
        (first, "finished", 2, 0),
        (second, "running", 1, 1),
    ]
    assert records[0].info == INFO
    assert records[0].started < records[0].finished < records[1].started
    assert book.run(first) == records[0]


def test_the_answer_key_is_kept_once(book: Gradebook) -> None:
    """For audit: what a result was judged by can be had again."""
    run_of(book, graded())
    second = book.begin(OTHER_KEY, bytes(range(256)))
    book.finish(second, "finished")
    run_of(book, graded())
    assert book.answer_key("k1") == b"the key"
    assert book.answer_key("k2") == bytes(range(256))
    with pytest.raises(UsageError, match="no answer key k3"):
        book.answer_key("k3")


def test_what_was_recorded_outlives_a_run_that_breaks_off(where: str) -> None:
    """Its gradings can be reused; the run says how it ended."""
    with Gradebook.open(where) as book:
        run = book.begin(INFO, b"")
        book.record(run, [(0, graded("ann"))])
    with Gradebook.open(where) as book:
        assert [r.status for r in book.runs()] == ["interrupted"]
        assert book.known("tiny", "k1").keys() == {("ann", "d1")}


def test_known_are_those_that_need_not_be_graded_again(book: Gradebook) -> None:
    """Of the same key and content; not those on which the grader itself failed."""
    run_of(
        book, graded("ann"), graded("bob", status="unreadable"), graded("eve", status="not_graded")
    )
    run_of(book, graded("ann", "d2"), info=OTHER_KEY)
    run_of(book, graded("ann"), info=replace(INFO, assignment="other", key_digest="k9"))
    assert book.known("tiny", "k1").keys() == {("ann", "d1"), ("bob", "d1")}
    assert book.known("tiny", "k2").keys() == {("ann", "d2")}
    assert book.known("tiny", "k9") == {}
    assert book.known("nowhere", "k1") == {}


def test_a_reused_grading_is_shown_as_in_this_run(book: Gradebook) -> None:
    """The result is the earlier one; the path is where the notebook lies now."""
    run_of(book, graded("ann", predict=3.0))
    run = book.begin(INFO, b"the key")
    hand_in = HandIn("ann", "week2/ann.ipynb", "d1", "")
    book.reuse(run, [(0, hand_in, book.known("tiny", "k1")["ann", "d1"])])
    (shown,) = book.results(run)
    assert shown == replace(result("ann", predict=3.0), path="week2/ann.ipynb")


def test_a_grading_is_not_reused_for_another_student(book: Gradebook) -> None:
    """Nor for another content, nor is one that there is not."""
    run_of(book, graded("ann"))
    grading = book.known("tiny", "k1")["ann", "d1"]
    run = book.begin(INFO, b"")
    for hand_in, number in [
        (HandIn("bob", "", "d1", ""), grading),
        (HandIn("ann", "", "d2", ""), grading),
        (HandIn("ann", "", "d1", ""), grading + 1),
    ]:
        with pytest.raises(ValueError, match="another hand-in"):
            book.reuse(run, [(0, hand_in, number)])
    assert len(book.results(run)) == 0


def test_the_same_hand_in_twice_in_a_run_is_refused(book: Gradebook) -> None:
    """In one line, and nothing of that call is recorded."""
    run = book.begin(INFO, b"")
    with pytest.raises(GraderError, match=r"b\.ipynb: the same hand-in of 'ann' as a\.ipynb"):
        book.record(run, [(0, graded(path="a.ipynb")), (1, graded(path="b.ipynb"))])
    assert len(book.results(run)) == 0
    book.record(run, [(0, graded(path="a.ipynb")), (1, graded(digest="d2"))])
    number = book.known("tiny", "k1")["ann", "d1"]
    with pytest.raises(GraderError, match=r"b\.ipynb: the same hand-in of 'ann' as a\.ipynb"):
        book.reuse(run, [(2, graded(path="b.ipynb"), number)])
    assert len(book.results(run)) == 2
    book.finish(run, "finished")
    second = book.begin(INFO, b"")
    twice = [(0, graded(path="a.ipynb"), number), (1, graded(path="b.ipynb"), number)]
    with pytest.raises(GraderError, match=r"b\.ipynb: the same hand-in of 'ann' as a\.ipynb"):
        book.reuse(second, twice)
    assert len(book.results(second)) == 0


def test_only_a_students_own_result_as_graded_is_recorded(book: Gradebook) -> None:
    """Neither another's, nor one that was adjusted."""
    run = book.begin(INFO, b"")
    adjusted = replace(result("ann"), adjustments=(Adjustment(1.0, "r", "w"),))
    for place, wrong in enumerate((result("bob"), adjusted)):
        given = replace(graded("ann", digest=f"d{place}"), result=wrong)
        ((_, recorded),) = book.record(run, [(place, given)])
        assert (recorded.result.student, recorded.result.status) == ("ann", "not_graded")
    assert [each.status for each in book.results(run)] == ["not_graded"] * 2


def test_only_the_run_that_was_begun_is_written_to(book: Gradebook) -> None:
    """A mistake of the program's, which must not spoil another run."""
    run = run_of(book, graded())
    with pytest.raises(ValueError, match="not the one that was begun"):
        book.record(run, [(1, graded("bob"))])
    with pytest.raises(ValueError, match="not the one that was begun"):
        book.finish(run, "finished")
    book.begin(INFO, b"")
    with pytest.raises(ValueError, match="has not been finished"):
        book.begin(INFO, b"")


# ---------------------------------------------------------------- what counts


def test_the_latest_hand_in_counts(book: Gradebook) -> None:
    """By when it was handed in, in whatever zone, not by when it was graded."""
    run_of(
        book,
        graded("ann", "new", "2026-03-02T00:30:00+02:00", predict=1.0),
        graded("ann", "old", "2026-03-01T22:00:00Z", predict=6.0),
        graded("bob", "first", predict=6.0),
    )
    run_of(book, graded("bob", "second", predict=2.0))
    assert scores_of(book) == {"ann": 5.0, "bob": 6.0}
    assert scores_of(book, "best") == {"ann": 10.0, "bob": 10.0}


def test_what_is_handed_in_again_is_the_latest(book: Gradebook) -> None:
    """A student may go back to an earlier notebook."""
    run_of(book, graded("ann", "d1", "2026-03-01", predict=6.0))
    run_of(book, graded("ann", "d2", "2026-03-02", predict=1.0))
    assert scores_of(book) == {"ann": 5.0}
    run = book.begin(INFO, b"")
    again = HandIn("ann", "ann.ipynb", "d1", "2026-03-03")
    book.reuse(run, [(0, again, book.known("tiny", "k1")["ann", "d1"])])
    book.finish(run, "finished")
    assert scores_of(book) == {"ann": 10.0}


@pytest.mark.parametrize("time", ["0001-01-01 00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_that_is_none_in_utc_is_not_known(book: Gradebook, time: str) -> None:
    """It is what a student's file says, and says nothing about what is the latest."""
    run_of(book, graded("ann", "d1", time, predict=6.0))
    run_of(book, graded("ann", "d2", predict=1.0))
    assert scores_of(book) == {"ann": 5.0}


def again(book: Gradebook, digest: str) -> None:
    """Let a run be given ann's hand-in once more, at a time that is not known."""
    run = book.begin(INFO, b"the key")
    book.reuse(run, [(0, graded("ann", digest), book.known("tiny", "k1")["ann", digest])])
    book.finish(run, "finished")


def test_of_hand_ins_without_times_the_one_last_given_is_the_latest(book: Gradebook) -> None:
    """A notebook, another, the first again: whether its grading is reused or a new one."""
    run_of(book, graded("ann", "d1", predict=6.0))
    run_of(book, graded("ann", "d2", predict=1.0))
    first_seen = {s.digest: s.when for s in book.current("tiny")}
    again(book, "d1")
    assert scores_of(book) == {"ann": 10.0}
    assert {s.digest: s.when for s in book.current("tiny")} == first_seen
    again(book, "d2")
    assert scores_of(book) == {"ann": 5.0}
    run_of(book, graded("ann", "d1", predict=3.0), info=OTHER_KEY)
    assert scores_of(book) == {"ann": 7.0}
    run_of(book, graded("ann", "d2", status="not_graded"), info=OTHER_KEY)
    assert scores_of(book) == {"ann": 5.0}  # as it was graded before


def test_of_hand_ins_of_one_run_the_one_given_last_is_the_latest(book: Gradebook) -> None:
    """By its position, in whatever order they were done; other runs change nothing in it."""
    first = book.begin(INFO, b"the key")
    book.record(first, [(1, graded("ann", "d1", predict=6.0))])
    book.record(first, [(0, graded("ann", "d2", predict=1.0))])
    book.finish(first, "finished")
    assert scores_of(book) == {"ann": 10.0}
    again(book, "d2")
    assert scores_of(book) == {"ann": 5.0}
    last = run_of(book, graded("ann", "d2", predict=1.0), info=OTHER_KEY)
    (change,) = book.compare(first, last).changes
    assert (change.before.score, change.after.score) == (10.0, 5.0)


def test_a_clock_that_was_set_back_does_not_decide(
    where: str, run_statements: RunStatements
) -> None:
    """Runs are counted; a time that is known is compared with when a run was begun."""
    with Gradebook.open(where) as book:
        run_of(book, graded("ann", "d1", predict=6.0), graded("bob", "d1", predict=6.0))
        run_of(book, graded("ann", "d2", predict=1.0))
        run_statements(where, ["UPDATE runs SET started = '2001-01-01T00:00:00Z' WHERE id = 2"])
        assert scores_of(book)["ann"] == 5.0
        run_of(book, graded("bob", "d2", "2001-01-01", predict=1.0))
        assert scores_of(book)["bob"] == 10.0
        run_of(book, graded("bob", "d3", "9001-01-01", predict=2.0))
        assert scores_of(book)["bob"] == 6.0


def test_an_older_copy_does_not_take_back_when_it_was_handed_in(book: Gradebook) -> None:
    """Of all times at which a notebook was handed in the last one counts, in whatever order."""
    first, last = "2026-03-01", "2026-03-03"
    run_of(book, graded("ann", "d1", last), graded("ann", "d2", "2026-03-02", predict=1.0))
    run_of(book, graded("ann", "d1", first), info=OTHER_KEY)
    assert scores_of(book) == {"ann": 10.0}


def test_the_last_grading_of_a_hand_in_counts(book: Gradebook) -> None:
    """Also where it is the worse one, and where the last run reused one from before."""
    run_of(book, graded("ann", predict=6.0))
    run_of(book, graded("ann", predict=2.0), info=OTHER_KEY)
    assert scores_of(book) == scores_of(book, "best") == {"ann": 6.0}
    run = book.begin(INFO, b"")
    book.reuse(run, [(0, graded("ann"), book.known("tiny", "k1")["ann", "d1"])])
    book.finish(run, "finished")
    assert scores_of(book) == {"ann": 10.0}
    assert [(s.run, s.score) for s in book.current("tiny")] == [(run, 10.0)]


def test_a_failure_of_the_graders_never_takes_the_place_of_a_grade(book: Gradebook) -> None:
    """Not of the same hand-in, nor of an earlier one, but then it is said; alone it is shown."""
    run_of(book, graded("ann"), graded("bob", "d1"), graded("eve", status="not_graded"))
    run_of(book, graded("ann", status="not_graded"), graded("bob", "d2", status="not_graded"))
    found = {s.student: (s.standing.status, s.score, s.ungraded_since) for s in book.scores("tiny")}
    assert found == {
        "ann": ("graded", 10.0, False),
        "bob": ("graded", 10.0, True),
        "eve": ("not_graded", 0.0, False),
    }


def test_an_unreadable_notebook_is_a_hand_in(book: Gradebook) -> None:
    """It counts by the policy `latest`, as any other."""
    run_of(book, graded("ann", "d1"))
    run_of(book, graded("ann", "d2", status="unreadable"))
    assert scores_of(book) == {"ann": 0.0}
    assert scores_of(book, "best") == {"ann": 10.0}


def test_scores_come_with_their_items(book: Gradebook) -> None:
    """In the order of the assignment."""
    run_of(book, graded("ann", predict=1.5))
    (score,) = book.scores("tiny")
    assert [(i.name, i.status, i.score, i.max_score) for i in score.items] == [
        ("sigmoid", "passed", 4.0, 4.0),
        ("predict", "failed", 1.5, 6.0),
    ]


def test_every_attempt_is_kept(book: Gradebook) -> None:
    """Every hand-in, every grading of it, and the runs that show it."""
    first = run_of(book, graded("ann", "d1", "2026-03-01", predict=1.0), graded("bob"))
    second = run_of(book, graded("ann", "d1", "2026-03-01", predict=2.0), info=OTHER_KEY)
    third = book.begin(OTHER_KEY, b"")
    number = book.known("tiny", "k2")["ann", "d1"]
    book.reuse(third, [(0, graded("ann", "d1", "2026-03-01"), number)])
    book.record(third, [(1, graded("ann", "d2", "2026-03-04"))])
    one, two = book.attempts("tiny", "ann")
    assert [(one.digest, one.handed_in), (two.digest, two.handed_in)] == [
        ("d1", "2026-03-01"),
        ("d2", "2026-03-04"),
    ]
    assert [(g.run, g.key_digest, g.score, g.runs) for g in one.gradings] == [
        (first, "k1", 5.0, (first,)),
        (second, "k2", 6.0, (second, third)),
    ]
    assert one.gradings[0].stages == {"run": 1.0, "judge": 0.5}


# ---------------------------------------------------------------- adjustments


def test_adjustments_stay_whatever_is_graded_again(book: Gradebook) -> None:
    """They apply in order to the score as it is by then, and to that of their question."""
    run_of(book, graded("ann", predict=1.0))
    late = "late, with a note"
    book.adjust("tiny", "ann", "add", 5, reason=late, who="ada", beyond=True)
    wrong: dict[str, Any] = {"reason": "the case was wrong", "who": "bea", "question": "predict"}
    book.adjust("tiny", "ann", "set", 4, beyond=True, **wrong)
    assert scores_of(book) == {"ann": 13.0}
    run = run_of(book, graded("ann", predict=3.0), info=OTHER_KEY)
    assert scores_of(book) == {"ann": 13.0}
    (shown,) = book.results(run)
    assert shown.score == 13.0
    assert shown.adjustments == (
        Adjustment(5.0, late, "ada"),
        Adjustment(1.0, "the case was wrong", "bea", "predict"),
    )
    assert [q.score for q in shown.questions] == [4.0, 4.0]


@pytest.mark.parametrize(
    ("made", "score", "differences"),
    [
        ([("add", -30, "")], 0.0, [-10.0]),
        ([("add", 7, "")], 17.0, [7.0]),
        ([("set", 3, ""), ("add", 1, "")], 4.0, [-7.0, 1.0]),
        ([("add", 1, ""), ("set", 3, "")], 3.0, [1.0, -8.0]),
        ([("add", -5, "sigmoid")], 6.0, [-4.0]),
        ([("set", 0, "sigmoid"), ("set", 4, "sigmoid")], 10.0, [-4.0, 4.0]),
        ([("set", 1, ""), ("set", 0, "predict")], 0.0, [-9.0, -1.0]),
    ],
)
def test_what_adjustments_make_of_ten_points(
    book: Gradebook, made: list[tuple[str, float, str]], score: float, differences: list[float]
) -> None:
    """Never less than 0, be it of an item or of the whole; more than the maximum if allowed."""
    run = run_of(book, graded("ann"))
    for kind, points, question in made:
        how = {"reason": "r", "who": "w", "question": question, "beyond": True}
        book.adjust("tiny", "ann", kind, points, **how)  # type: ignore[arg-type]
    (shown,) = book.results(run)
    assert (shown.score, [a.points for a in shown.adjustments]) == (score, differences)
    assert scores_of(book) == {"ann": score}


def test_an_adjustment_is_withdrawn_by_a_further_row(book: Gradebook) -> None:
    """That it was made stays on record; it cannot be withdrawn twice."""
    run_of(book, graded("ann", predict=1.0), graded("bob", predict=1.0))
    number = book.adjust("tiny", "ann", "add", 5, reason="bonus", who="ada")
    book.adjust("tiny", "bob", "add", 1, reason="bonus", who="ada")
    book.withdraw(number, reason="not hers", who="bea")
    assert scores_of(book) == {"ann": 5.0, "bob": 6.0}
    (record,) = book.adjustments("tiny", "ann")
    assert record.withdrawn is not None
    assert (record.reason, record.withdrawn.reason, record.withdrawn.who) == (
        "bonus",
        "not hers",
        "bea",
    )
    with pytest.raises(UsageError, match="withdrawn already"):
        book.withdraw(number, reason="again", who="bea")
    with pytest.raises(UsageError, match="no adjustment 99"):
        book.withdraw(99, reason="again", who="bea")


def test_adjustments_are_checked(book: Gradebook) -> None:
    """One line each, with the near miss."""
    run_of(book, graded("ann"))

    def adjust(
        student: str = "ann", points: float = 1.0, reason: str = "r", question: str = ""
    ) -> int:
        return book.adjust(
            "tiny", student, "set", points, reason=reason, who="w", question=question
        )

    with pytest.raises(UsageError, match="did you mean 'ann'"):
        adjust(student="anm")
    with pytest.raises(UsageError, match="did you mean 'predict'"):
        adjust(question="predikt")
    with pytest.raises(UsageError, match="needs a reason"):
        adjust(reason=" \n")
    for points in (float("nan"), float("inf"), -1.0):
        with pytest.raises(UsageError, match="expected a number"):
            adjust(points=points)
    assert book.adjustments("tiny", "ann") == []


def test_other_assignments_are_not_adjusted(book: Gradebook) -> None:
    """A student's adjustment is to one assignment."""
    run_of(book, graded("ann", predict=0.0))
    other = run_of(book, graded("ann"), info=replace(INFO, assignment="other"))
    book.adjust("tiny", "ann", "add", 5, reason="bonus", who="ada")
    assert book.results(other)[0].score == 10.0


# ---------------------------------------------------------------- two runs


def test_two_runs_are_compared(book: Gradebook) -> None:
    """Whose score or status differs, in which items, and who is in one only."""
    before = run_of(book, graded("ann"), graded("bob"), graded("eve"), graded("gone"))
    after = run_of(
        book,
        graded("ann"),
        graded("bob", predict=2.0),
        graded("eve", status="unreadable"),
        graded("new"),
        info=OTHER_KEY,
    )
    found = book.compare(before, after)
    assert (found.only_before, found.only_after, found.same) == (("gone",), ("new",), 1)
    bob, eve = found.changes
    assert (bob.student, bob.before.score, bob.after.score) == ("bob", 10.0, 6.0)
    (item,) = bob.items
    assert item.before is not None
    assert item.after is not None
    assert (item.name, item.before.score, item.after.score) == ("predict", 6.0, 2.0)
    assert (eve.before.status, eve.after.status) == ("graded", "unreadable")
    assert [(i.name, i.after) for i in eve.items] == [("sigmoid", None), ("predict", None)]


def test_the_same_score_of_other_items_is_a_change(book: Gradebook) -> None:
    """A point that went from one item to another is seen."""
    before = run_of(book, graded("ann", sigmoid=3.0, predict=4.0))
    after = run_of(book, graded("ann", sigmoid=4.0, predict=3.0), info=OTHER_KEY)
    (change,) = book.compare(before, after).changes
    assert [item.name for item in change.items] == ["sigmoid", "predict"]


def test_runs_of_two_assignments_are_not_compared(book: Gradebook) -> None:
    """One line, with both names."""
    one = run_of(book, graded())
    two = run_of(book, graded(), info=replace(INFO, assignment="other"))
    with pytest.raises(UsageError, match=r"of tiny and run \d+ of other"):
        book.compare(one, two)


def test_what_is_not_there_is_one_line(book: Gradebook) -> None:
    """With the near miss, or with what there is."""
    with pytest.raises(UsageError, match=r"no run 1 in .*; there are none"):
        book.results(1)
    run = run_of(book, graded("ann"))
    with pytest.raises(UsageError, match=rf"no run 77 in .*; they go from 1 to {run}"):
        book.results(77)
    with pytest.raises(UsageError, match=r"no assignment 'tinny' in .*; did you mean 'tiny'"):
        book.scores("tinny")
    with pytest.raises(UsageError, match="no student 'zoe' in tiny; there are: ann"):
        book.attempts("tiny", "zoe")


def test_the_near_miss_is_found_in_a_large_class(book: Gradebook) -> None:
    """Among more names than are looked at one by one."""
    run_of(book, *(graded(f"a{number:03}") for number in range(250)), graded("zoe"))
    with pytest.raises(UsageError, match="did you mean 'zoe'"):
        book.attempts("tiny", "zoee")


# ---------------------------------------------------------------- one writer, many readers

WRITER = """
import sys
from grader.batch.gradebook import Gradebook
from tests.batch.gradings import INFO, graded

book = Gradebook.open(sys.argv[1])
run = book.begin(INFO, b"")
book.record(run, [(0, graded("ann"))])
print(run, flush=True)
sys.stdin.read()
"""


def test_there_is_one_writer(where: str) -> None:
    """A second is told who; readers go on; what a killed one recorded is there at once."""
    command = [sys.executable, "-c", WRITER, where]
    with subprocess.Popen(
        command, cwd=COURSE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        run = int(writer.stdout.readline())
        with Gradebook.open(where) as book:
            expected = rf"\(run {run} of tiny: process {writer.pid} on lab, since 20"
            with pytest.raises(UsageError, match=expected) as caught:
                book.begin(INFO, b"")
            assert "\n" not in str(caught.value)
            assert students_of(book.results(run)) == ["ann"]
            book.adjust("tiny", "ann", "add", -1, reason="readers may adjust", who="ada")
            writer.kill()
            writer.wait()
            second = _begin_when_free(book)
            assert [r.status for r in book.runs()] == ["interrupted", "running"]
            book.record(second, [(0, graded("bob"))])
            assert len(book.known("tiny", "k1")) == 2


def _begin_when_free(book: Gradebook) -> int:
    """Begin; a server needs a moment to notice that a session has died."""
    for _ in range(100):
        try:
            return book.begin(INFO, b"")
        except UsageError:
            threading.Event().wait(0.05)
    raise AssertionError("the lock of a dead writer is still held")


def test_the_lock_is_free_after_a_run(where: str) -> None:
    """For another gradebook object of the same process too."""
    with Gradebook.open(where) as one, Gradebook.open(where) as other:
        run = one.begin(INFO, b"")
        with pytest.raises(UsageError, match="being written to"):
            other.begin(INFO, b"")
        one.finish(run, "finished")
        second = other.begin(INFO, b"")
        assert second == run + 1


def test_results_are_read_while_a_run_goes_on(book: Gradebook) -> None:
    """Someone who reads one result after another never keeps the writer waiting."""
    run = book.begin(INFO, b"")
    book.record(run, [(n, graded(f"s{n}")) for n in range(40)])
    seen = []
    for number, each in enumerate(book.results(run)):
        seen.append(each.student)
        book.record(run, [(100 + number, graded(f"t{number}"))])
    assert len(seen) == 40
    assert len(book.results(run)) == 80


def test_runs_are_written_from_any_thread(book: Gradebook) -> None:
    """As a scheduler does, one after another."""
    run = book.begin(INFO, b"")
    for n in range(3):
        thread = threading.Thread(target=book.record, args=(run, [(n, graded(f"s{n}"))]))
        thread.start()
        thread.join()
    assert len(book.results(run)) == 3


def test_several_may_adjust_at_once(where: str) -> None:
    """Also while a run goes on: each waits for the others, and none is refused."""
    failed: list[BaseException] = []

    def adjust_often() -> None:
        try:
            with Gradebook.open(where) as mine:
                for _ in range(15):
                    mine.adjust("tiny", "ann", "add", 1, reason="r", who="w", beyond=True)
        except BaseException as error:  # noqa: BLE001 - told below, by the thread of the test
            failed.append(error)

    with Gradebook.open(where) as book:
        run = book.begin(INFO, b"")
        book.record(run, [(0, graded("ann"))])
        threads = [threading.Thread(target=adjust_often) for _ in range(3)]
        for thread in threads:
            thread.start()
        for number in range(1, 20):
            book.record(run, [(number, graded(f"s{number}"))])
        for thread in threads:
            thread.join()
        assert failed == []
        assert book.results(run)[0].score == 55.0
        assert len(book.results(run)) == 20


def test_nothing_is_half_recorded(book: Gradebook) -> None:
    """What goes wrong in the middle of a call costs itself, and leaves nothing of it behind."""
    run = book.begin(INFO, b"")
    broken = replace(graded("bob"), result=replace(result("bob"), status="odd"))  # type: ignore[arg-type]
    book.record(run, [(0, graded("ann")), (1, broken)])
    assert [each.status for each in book.results(run)] == ["graded", "not_graded"]
    assert [len(score.items) for score in book.scores("tiny")] == [2, 0]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO run_entries VALUES (1, 5, 1, 99, 0, '', '', '', 0)",
        "INSERT INTO submissions VALUES (7, 'tiny', 'ann', 'd1', '')",
        "UPDATE runs SET status = 'lost'",
        "INSERT INTO adjustments VALUES (1, 'tiny', 'ann', '', 'add', 1, 'r', 'w', '', 1, 0)",
    ],
)
def test_the_database_itself_keeps_the_rules(book: Gradebook, statement: str) -> None:
    """Also against other programs."""
    run_of(book, graded("ann"))
    with pytest.raises(GraderError, match="constraint"), book.database.write() as connection:
        connection.execute(text(statement))


# ---------------------------------------------------------------- large classes


def test_reading_results_takes_the_memory_of_a_few(where_sqlite: str) -> None:
    """However many there are."""
    noise = random.Random(1)  # noqa: S311 - text that cannot be compressed away
    with Gradebook.open(where_sqlite) as book:
        run = book.begin(INFO, b"")
        for number in range(120):
            long = replace(result(f"s{number}"), message=noise.randbytes(50_000).hex())
            book.record(run, [(number, replace(graded(f"s{number}"), result=long))])
        tracemalloc.start()
        try:
            total = sum(len(each.message) for each in book.results(run))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert total == 120 * 100_000
    assert peak < total / 2


def test_one_students_work_never_searches_a_whole_table(where_sqlite: str) -> None:
    """What a grading costs, to record or to show, does not grow with what was graded before."""
    asked: list[tuple[str, Any]] = []

    def note(*given: Any) -> None:
        asked.append((given[2], given[3]))

    with Gradebook.open(where_sqlite) as book:
        run_of(book, graded("ann"))
        known = book.known("tiny", "k1")
        run = book.begin(INFO, b"")
        event.listen(book.database.engine, "before_cursor_execute", note)
        book.record(run, [(0, graded("bob")), (1, graded("ann", "d2"))])
        book.reuse(run, [(2, graded("ann"), known["ann", "d1"])])
        assert len(book.attempts("tiny", "ann")) == 2
        event.remove(book.database.engine, "before_cursor_execute", note)
        with book.database.read() as connection:
            plans = [
                row[3]
                for statement, values in asked
                if statement.startswith("SELECT")
                for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            ]
    assert len(plans) >= 6
    searched = {plan.split()[1] for plan in plans if plan.startswith("SCAN")}
    assert searched <= {"runs"}  # which has a row for each run, not for each grading
