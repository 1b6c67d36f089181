"""How much students are told: with `points`, of hidden cases no more than the points say."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.judging.expected import AnswerKey
from grader.judging.feedback import as_told
from grader.results import QuestionResult
from reference import logistic_regression as ref
from tests.judging.test_scoring import graded


def told(key: AnswerKey, name: str, function: Any) -> tuple[QuestionResult, QuestionResult]:
    """Return the result of a function, and what is told of it with `points`."""
    result = graded(key, **{name: function})[name]
    (less,) = as_told([result], "points")
    return result, less


def wrong_in_hidden_cases(key: AnswerKey, how: str) -> Any:
    """Return a `sigmoid` that is right in the visible cases only."""
    (question,) = (each for each in key.questions if each.question.name == "sigmoid")
    visible = [np.asarray(case.arguments[0]) for case in question.cases if case.visible]

    def sigmoid(z: Any) -> Any:
        if any(np.array_equal(z, each) for each in visible):
            return ref.sigmoid(z)
        if how == "raises":
            raise ValueError
        return ref.sigmoid(z) + (1 if how == "value" else np.ones((3, 1, 1)))

    return sigmoid


@pytest.mark.parametrize("how", ["value", "shape", "raises"])
def test_in_which_way_a_hidden_case_fails_is_not_told(key: AnswerKey, how: str) -> None:
    """All look alike: the item, its points, and one sentence."""
    result, less = told(key, "sigmoid", wrong_in_hidden_cases(key, how))
    assert result.score == less.score == 0
    assert less.message == "`sigmoid` is right in the visible cases, but not in all hidden ones."
    assert (less.status, less.diagnoses, less.location) == ("failed", (), None)
    cases = [case for output in less.outputs for case in output.cases]
    assert cases
    assert all(case.visible for case in cases)
    assert replace(less, behaviour="", snippet="", calls=()) == replace(
        told(key, "sigmoid", wrong_in_hidden_cases(key, "value"))[1],
        behaviour="",
        snippet="",
        calls=(),
    )


def test_what_visible_cases_show_is_told(key: AnswerKey) -> None:
    """A student still sees what comes of the cases that they know."""
    result, less = told(key, "sigmoid", lambda z: ref.sigmoid(z) + 1)
    assert less.status == "failed"
    shown = [case for output in less.outputs for case in output.cases]
    assert [case.message for case in shown] == [
        case.message for output in result.outputs for case in output.cases if case.visible
    ]
    assert all("hidden" not in output.message for output in less.outputs)


def test_what_errors_followed_through_show_is_not_told(key: AnswerKey) -> None:
    """The points say that they were given back; whose error it was, the retrial has shown."""
    result = graded(key)["optimize"]
    inherited = replace(result, message="it inherits …", inherits=("propagate",))
    (less,) = as_told([inherited], "points")
    assert (less.message, less.inherits, less.score) == ("", (), result.score)


def test_what_is_right_stays_right(key: AnswerKey) -> None:
    """No score, and no status of a right item, depends on how much is told."""
    results = graded(key)
    less = as_told(results.values(), "points")
    assert [(r.name, r.status, r.score) for r in less] == [
        (r.name, r.status, r.score) for r in results.values()
    ]
