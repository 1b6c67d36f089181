"""Behaviour: an identifier of what an item does in all cases, and the code that goes with it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.judging.behaviour import behaviour, snippet
from grader.judging.expected import AnswerKey, QuestionKey
from grader.results import Observation, ObservationStatus, RaisedError
from tests.conftest import question_key


def of(key: QuestionKey, factor: float = 2.0, again: float | None = None) -> str:
    """Return the behaviour of a function that gives the right values times a factor."""
    found = {c.id: factor * c.expected.value for c in key.cases}
    seen = {case: Observation("sigmoid", case, "returned", value) for case, value in found.items()}
    first = key.cases[-1].id
    repeat = None
    if again is not None:
        repeat = Observation("sigmoid", first, "returned", again * found[first], repeat=True)
    return behaviour(key, seen, repeat)


def all_alike(key: QuestionKey, status: ObservationStatus, **seen: Any) -> str:
    """Return the behaviour of what fares alike in all cases."""
    observations = {c.id: Observation("sigmoid", c.id, status, **seen) for c in key.cases}
    return behaviour(key, observations, None)


def test_it_is_that_of_all_cases(key: AnswerKey) -> None:
    """The same for the same factor, up to rounding; and the second call of a case counts."""
    sigmoid = question_key(key, "sigmoid")
    assert of(sigmoid) == of(sigmoid, 2.0 + 1e-15)
    assert len(of(sigmoid)) == 16
    found = {of(sigmoid), of(sigmoid, 2.001), of(sigmoid, 2.0, 1.0), of(sigmoid, 2.0, 3.0)}
    assert len(found) == 4


def test_nobody_can_guess_by_it_what_was_in_a_hidden_case(key: AnswerKey) -> None:
    """It stands in results, and is salted by what only the grader knows."""
    sigmoid = question_key(key, "sigmoid")
    hidden = next(case for case in sigmoid.cases if not case.visible)
    other = replace(hidden, packed_arguments=hidden.packed_arguments + b"!")
    cases = tuple(other if case is hidden else case for case in sigmoid.cases)
    assert of(sigmoid) != of(replace(sigmoid, cases=cases))


@pytest.mark.parametrize("status", ["missing", "not_a_function", "not_reached"])
def test_what_was_not_called_has_none(key: AnswerKey, status: ObservationStatus) -> None:
    """There is nothing that it does."""
    assert all_alike(question_key(key, "sigmoid"), status) == ""


@pytest.mark.parametrize("value", [None, (None, None), {"dw": None, "db": [None]}])
def test_what_is_not_filled_in_has_none(key: AnswerKey, value: Any) -> None:
    """A class has many of these, and they are told already."""
    assert all_alike(question_key(key, "sigmoid"), "returned", value=value) == ""


def test_what_does_not_return_behaves_in_its_own_way(key: AnswerKey) -> None:
    """By type, message and limit; what gives something beside None is filled in."""
    sigmoid = question_key(key, "sigmoid")
    found = [
        all_alike(sigmoid, "raised", error=RaisedError("ValueError", "off")),
        all_alike(sigmoid, "raised", error=RaisedError("ValueError", "on")),
        all_alike(sigmoid, "crashed", error=RaisedError("", "", limit="used more memory")),
        all_alike(sigmoid, "crashed"),
        all_alike(sigmoid, "timed_out", seconds=2.0),
        all_alike(sigmoid, "returned", value=(None, np.zeros(2))),
        all_alike(sigmoid, "returned", value={}),
    ]
    assert "" not in found
    assert len(set(found)) == len(found)
    assert found[4] == all_alike(sigmoid, "timed_out", seconds=10.0)


def test_a_snippet_is_the_definition_or_its_beginning() -> None:
    """What is cut ends in a line that says so, and keeps to both bounds."""
    short = "def f(x):\n    return x"
    assert snippet(short) == short
    assert snippet("\n".join(["x"] * 60)) == "\n".join(["x"] * 60)
    long = snippet("\n".join(f"line {n}" for n in range(61)))
    assert long.splitlines()[-2:] == ["line 58", "…"]
    assert len(long.splitlines()) == 60
    wide = snippet("x" * 100_000)
    assert len(wide) == 4_000
    assert wide.endswith("x\n…")
    assert snippet("") == ""
