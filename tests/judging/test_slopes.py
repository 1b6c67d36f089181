"""Gradients against the slopes of the cost that a student's own function works out."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.judging.expected import Evidence, OwnSlope, QuestionKey
from grader.judging.slopes import OwnSlopes
from grader.results import Observation, OutputResult
from tests.judging.searching import explain, key_of


def propagate(w: Any, b: Any, X: Any, Y: Any) -> Any:
    """Forward and backward pass of one logistic unit."""
    m = X.shape[1]
    A = 1 / (1 + np.exp(-(w.T @ X + b)))
    cost = float(-np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m)
    dw = X @ (A - Y).T / m
    db = float(np.sum(A - Y) / m)
    return dw, db, cost


SLOPES = (OwnSlope("dw", "w", "cost"), OwnSlope("db", "b", "cost"))
RIGHT = """def propagate(w, b, X, Y):
    m = X.shape[1]
    A = 1 / (1 + np.exp(-(np.dot(w.T, X) + b)))
    cost = -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m
    dw = np.dot(X, (A - Y).T) / m
    db = np.sum(A - Y) / m
    return dw, db, cost
"""
# A mean squared error, with its own gradients: right, but for another cost.
SQUARES = """def propagate(w, b, X, Y):
    m = X.shape[1]
    A = 1 / (1 + np.exp(-(np.dot(w.T, X) + b)))
    cost = np.sum((A - Y) ** 2) / m
    inner = 2 * (A - Y) * A * (1 - A) / m
    return np.dot(X, inner.T), np.sum(inner), cost
"""
KINKED = """def propagate(w, b, X, Y):
    m = X.shape[1]
    cost = np.sum(np.abs(w - KINK)) + b
    return np.sign(w), 1.0, cost
"""


@pytest.fixture(scope="module")
def key() -> QuestionKey:
    """Return the key of `propagate`, which knows what its gradients are gradients of."""
    rng = np.random.default_rng(3)
    cases = [
        {
            "w": rng.standard_normal((n, 1)),
            "b": 0.3,
            "X": rng.standard_normal((n, m)),
            "Y": rng.integers(0, 2, (1, m)).astype(float),
        }
        for n, m in [(2, 4), (3, 6), (4, 5)]
    ]
    made = key_of(propagate, cases, ("dw", "db", "cost"))
    evidence = made.evidence or Evidence()
    return replace(made, evidence=replace(evidence, slopes=SLOPES))


def judged(key: QuestionKey, code: str) -> tuple[bool, tuple[str, ...]] | None:
    """Return whether the cost is right, and which gradients are its slopes."""
    names: dict[str, Any] = {"np": np, "KINK": min(key.cases, key=_size).arguments[0]}
    exec(code, names)  # noqa: S102
    slopes = OwnSlopes(key)
    calls = slopes.run()
    try:
        trials = next(calls)
        while True:
            seen = []
            for trial in trials:
                given = trial.arguments or min(key.cases, key=_size).arguments
                value = names["propagate"](*given)
                seen.append(Observation("propagate", trial.case, "returned", value))
            trials = calls.send(seen)
    except StopIteration:
        pass
    found = slopes.found
    return None if found is None else (found.cost_is_right, found.fitting)


def _size(case: Any) -> int:
    return len(case.packed_arguments)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (RIGHT, (True, ("dw", "db"))),
        (SQUARES, (False, ("dw", "db"))),
        (RIGHT.replace("db = ", "db = 2 * "), (True, ("dw",))),
        (RIGHT.replace("np.dot(X, (A - Y).T)", "np.dot(X, (A + Y).T)"), (True, ("db",))),
        (RIGHT.replace("cost = -", "cost = 3 * "), (False, ())),
        (KINKED, None),
        (RIGHT.replace("return dw, db, cost", "return dw, db"), None),
        (RIGHT.replace("return dw, db, cost", "return dw, db, 'cost'"), None),
    ],
)
def test_gradients_are_compared_with_the_slopes_of_the_own_cost(
    key: QuestionKey, code: str, expected: tuple[bool, tuple[str, ...]] | None
) -> None:
    """Nothing is said at a kink, or of what cannot be read."""
    assert judged(key, code) == expected


def outputs(*wrong: str) -> list[OutputResult]:
    """Return results of the outputs, of which some are wrong."""
    return [
        OutputResult(path, "failed" if path in wrong else "passed", None, "", ())
        for path in ("dw", "db", "cost")
    ]


def test_a_right_step_backwards_for_a_wrong_cost_is_told(key: QuestionKey) -> None:
    """So that nobody looks for the mistake where there is none."""
    told = explain(key, SQUARES, outputs=outputs("dw", "db", "cost"))
    assert "fits_own_cost" in [each.cause for each in told.diagnoses]


def test_nothing_is_said_of_gradients_that_are_right(key: QuestionKey) -> None:
    """They are not the slopes of a wrong cost, and need not be."""
    code = RIGHT.replace("cost = -", "cost = 3 + 3 * ")
    told = explain(key, code, outputs=outputs("cost"))
    assert not {"fits_own_cost", "only_backwards"} & {each.cause for each in told.diagnoses}


def test_a_right_cost_says_that_the_steps_backwards_are_wrong(key: QuestionKey) -> None:
    """Where nothing better is known."""
    code = RIGHT.replace("np.dot(X, (A - Y).T) / m", "X[:, :1] * np.tanh(w) * 3.7")
    code = code.replace("np.sum(A - Y) / m", "np.sum(A**3) * 0.7")
    told = explain(key, code, outputs=outputs("dw", "db"))
    assert [each.cause for each in told.diagnoses] == ["only_backwards"]
