"""Where and why, end to end: in real kernels, with all the evidence of an assignment."""

import dataclasses
from collections.abc import Iterator

import pytest

from grader.judging.evidence import with_evidence
from grader.judging.expected import answer_key
from grader.judging.repairs.search import Search
from grader.results import QuestionResult
from grader.spec import Feedback
from tests.benchmarks.causes.corpus import COURSE, SECRET, Bench, bench

pytestmark = pytest.mark.slow

BACKWARD = """def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = Y.shape[1]
    delta2 = 2 / m * (A2 - Y) * A2 * (1 - A2)
    dLdW2 = np.dot(delta2, A1.T)
    dLdB2 = np.sum(delta2, axis=1, keepdims=True)
    delta1 = np.dot(W2.T, delta2) * A1 * (1 - A1)
    dLdW1 = np.dot(delta1, X.T)
    dLdB1 = np.sum(delta1, axis=1, keepdims=True)
    return dLdW2, dLdB2, dLdW1, dLdB1
"""


@pytest.fixture(scope="module")
def opened() -> Iterator[Bench]:
    """Yield what grades single functions of `mse_network`."""
    with bench("mse_network") as found:
        yield found


def test_a_right_function_is_left_alone(opened: Bench) -> None:
    """No line, no cause."""
    result = opened.grade("backward_prop", BACKWARD)
    assert (result.status, result.diagnoses, result.location) == ("passed", (), None)


def test_two_mistakes_are_told_with_their_lines(opened: Bench) -> None:
    """Each in the student's own names; no number of a hidden case, no changed line."""
    wrong = BACKWARD.replace("delta1 * A1", "delta1").replace("(A2 - Y)", "(Y - A2)")
    wrong = wrong.replace("np.dot(W2.T, delta2)", "np.dot(W2.T, A2)")
    result = opened.grade("backward_prop", wrong)
    told = {(each.place.line, each.cause) for each in result.diagnoses if each.place}
    assert told == {(3, "difference_reversed"), (6, "neighbour")}
    assert result.location
    assert result.location.code.startswith("delta2 =")
    words = " ".join(each.message for each in result.diagnoses)
    assert "A2 - Y" not in words
    assert "delta2)" not in words


def test_where_it_raises_its_line_and_cause_are_told(opened: Bench) -> None:
    """As for values."""
    result = opened.grade("backward_prop", BACKWARD.replace("A1.T", "A1"))
    assert result.status == "errored"
    assert [(each.place and each.place.line, each.cause) for each in result.diagnoses] == [
        (4, "transpose_missing")
    ]


@pytest.mark.parametrize(
    ("feedback", "told"),
    [("what", set()), ("where", {"line"}), ("why", {"line", "cause"})],
)
def test_the_instructor_says_how_much_is_told(
    opened: Bench, feedback: Feedback, told: set[str]
) -> None:
    """The score is the same in any case."""
    result = _graded(opened, BACKWARD.replace("A1.T", "A1"), feedback)
    found = {"line": result.location, "cause": result.diagnoses}
    assert {name for name, value in found.items() if value} == told
    assert result.score == 0


def _graded(opened: Bench, source: str, feedback: Feedback) -> QuestionResult:
    key, task = opened.key, opened.task
    spec = dataclasses.replace(key.assignment, feedback=feedback)
    opened.task = dataclasses.replace(task, key=dataclasses.replace(key, assignment=spec))
    try:
        return opened.grade("backward_prop", source)
    finally:
        opened.task = task


@pytest.mark.parametrize(
    "trick",
    [
        "import os, sys; sys.gettrace() and os._exit(1)",
        "import sys; sys.settrace(None)",
        "import signal; signal.signal(signal.SIGALRM, signal.SIG_IGN)",
        "import sys; sys.gettrace() and print('x' * 10**6)",
        "locals().update({str(i): i for i in range(10**5)})",
        "big = [0] * 10**6; deep = []; [deep := [deep] for _ in range(5000)]",
    ],
)
def test_who_minds_being_looked_at_loses_nothing_but_the_hint(opened: Bench, trick: str) -> None:
    """The function is as wrong as it was, and all others are as right."""
    wrong = BACKWARD.replace("A1.T", "A1").replace("    m =", f"    {trick}\n    m =")
    result = opened.grade_notebook("backward_prop", wrong)
    status = {each.name: each.status for each in result.questions}
    assert status.pop("backward_prop") == "errored"
    assert set(status.values()) == {"passed"}


def test_without_evidence_nothing_is_looked_for() -> None:
    """The answer key has none until it is asked for."""
    key = answer_key(COURSE, "mse_network", SECRET)
    assert all(each.evidence is None for each in key.questions)
    with_it = with_evidence(key, COURSE, SECRET, None)
    assert all(each.evidence for each in with_it.questions)


def test_a_failure_of_looking_costs_no_result(
    opened: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was judged stands, and the page says that it could not be looked for."""

    def fails(self: Search) -> None:
        raise ZeroDivisionError("by nothing")

    wrong = BACKWARD.replace("(A2 - Y)", "(Y - A2)")
    before = opened.grade_notebook("backward_prop", wrong)
    monkeypatch.setattr(Search, "run", fails)
    result = opened.grade_notebook("backward_prop", wrong)
    assert (result.score, result.status) == (before.score, before.status)
    (note,) = (each for each in result.notes if each.level == "warning")
    assert "could not say why" in note.message
    assert "(ZeroDivisionError)" in note.message
    assert "by nothing" not in note.message  # which may be a word of the student's process
    assert not before.notes


ONE_ARRAY_OF_WEIGHTS = """def backward_propagation(parameters, cache, X, Y):
    m = X.shape[1]
    A1, A2, W1 = cache["A1"], cache["A2"], parameters["W1"]
    dZ2 = A2 - Y
    dW2 = np.dot(dZ2, A1.T) / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dZ1 = np.multiply(np.dot(W1.T, dZ2), 1 - A1 * A1)
    dW1 = np.dot(dZ1, X.T) / m
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}
"""


def test_a_right_line_is_not_named_for_a_likely_mistake() -> None:
    """W1 is what it should be; that another array is needed further down is another thing."""
    with bench("shallow_network") as opened:
        result = opened.grade("backward_propagation", ONE_ARRAY_OF_WEIGHTS)
    assert result.location
    assert result.location.place.line == 7
    assert 3 not in {each.place.line for each in result.diagnoses if each.place}
